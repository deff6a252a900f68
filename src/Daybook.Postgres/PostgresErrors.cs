using Daybook.Postgres.Builds;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres;

/// <summary>What errors of the server and of connections mean to a projection. Each names the database.</summary>
internal static class PostgresErrors
{
    /// <summary>Raised by the function <c>advance</c>.</summary>
    internal const string Overtaken = "DB001";

    /// <summary>Raised by the function <c>claim</c>; the message is the id of the book that the checkpoints belong to.</summary>
    internal const string OfOtherBook = "DB002";

    /// <summary>Two transactions met in a row; the one that failed may be run again at once.</summary>
    internal static bool IsConflict(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>What Npgsql has to say in an error that others have wrapped; null when it has no part in it.</summary>
    internal static NpgsqlException? Within(Exception? error)
    {
        while (error is not (null or NpgsqlException))
            error = error.InnerException;
        return (NpgsqlException?)error;
    }

    /// <summary>There is no table, or no schema, of that name: nothing was ever written there.</summary>
    internal static bool IsMissing(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName };

    /// <summary>The value cannot be stored, now or ever: data exceptions, constraints, limits of a value.</summary>
    internal static bool IsBadValue(Exception error) => error is PostgresException refused && refused.SqlState[..2] is ("22" or "23" or "54");

    /// <summary>The statement itself is wrong here, now or ever: its syntax, or what it names.</summary>
    internal static bool IsBadStatement(Exception error) =>
        error is PostgresException { SqlState: not PostgresErrorCodes.InsufficientPrivilege } refused && refused.SqlState.StartsWith("42", StringComparison.Ordinal);

    internal static DaybookException From(Exception error, PostgresDatabase database) => error switch
    {
        _ when database.IsClosed => new DaybookException(ErrorCode.Closed, $"The read models in {database} were closed.", error),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
            Failed(database, $"refused the user: {refused.MessageText}. Check Username and Password of the connection string, and pg_hba.conf", refused),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } refused =>
            Failed(database, $"does not exist: {refused.MessageText}. Create it, or correct Database in the connection string", refused),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused => Failed(database,
            $"refused what the user lacks the right for: {refused.MessageText}. The user must own the schema '{database.Schema.Name}', or have USAGE and CREATE on it; " +
            "where the schema does not exist yet, CREATE on the database", refused),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } refused => Failed(database, $"has no room left on its disk: {refused.MessageText}", refused),
        PostgresException refused => Failed(database, $"failed with {refused.SqlState}: {refused.MessageText}", refused),
        _ => Failed(database, $"could not be reached or did not answer: {error.Message}", error),
    };

    /// <summary>A claim that the server had acknowledged is gone, as after a failover or a restore: claim again.</summary>
    internal static DaybookException ClaimLost(ProjectionId projection, PartitionId partition, Epoch mine, Epoch found, PostgresDatabase database) =>
        new(ErrorCode.VersionMismatch, $"The claim of projection {projection} on partition {partition} by epoch {mine} is gone from {database}, " +
            $"which has epoch {found}: it was restored, or failed over to a standby that lags. The projection starts again from its checkpoint there.");

    internal static DaybookException Newer(PostgresDatabase database, long found, long known) => new(ErrorCode.NewerFormat,
        $"The schema '{database.Schema.Name}' of {database} has format {found}; this version of Daybook knows up to {known}. Run the newer version, or choose another schema.");

    internal static DaybookException NoSchema(PostgresDatabase database, int found, int format) => new(ErrorCode.InvalidArgument, found == 0
        ? $"{database} has no read models of Daybook in the schema '{database.Schema.Name}'. Check Database of the connection string, and the schema."
        : $"The schema '{database.Schema.Name}' of {database} has format {found}, older than {format} of this program; a node of this version migrates it when it starts.");

    internal static DaybookException BadDocument(PostgresDatabase database, string table, string key, Type type, Exception? error) => new(ErrorCode.Corrupted,
        $"The document '{key}' in table {table} of {database} cannot be read as {type.Name}: {error?.Message ?? "it is null"} " +
        "When the document type has changed, its projection needs a higher version.", error);

    internal static DaybookException TableGone(PostgresDatabase database, BuildKey build, string table) => new(ErrorCode.Corrupted,
        $"Projection {build} has checkpoints in {database}, but its table {table} is gone. Drop this build or version of the projection and have it rebuilt.");

    internal static DaybookException NotMade(PostgresDatabase database, BuildKey build, PostgresException error) => new(ErrorCode.InvalidArgument,
        $"What belongs to projection {build} cannot be made in {database}: {error.SqlState}: {error.MessageText}. Correct the projection's row type, indexes or statements.",
        error);

    internal static DaybookException Dropped(PostgresDatabase database, BuildKey build) =>
        new(ErrorCode.NotOwner, $"Projection {build} was dropped from {database}; there is nothing to write it to.");

    internal static DaybookException CodeChanged(ProjectionId projection, string stored, string now) => new(ErrorCode.InvalidArgument,
        $"The code of projection {projection} has changed, but not its version: what is stored was folded by other code. Raise the version in its " +
        $"[Projection] attribute to have it rebuilt beside the old one, or take the change back.\nstored: {stored}\nnow:    {now}");

    private static DaybookException Failed(PostgresDatabase database, string what, Exception error) =>
        new(ProjectionFailures.Of(error) == FailureKind.Retry ? ErrorCode.Unavailable : ErrorCode.StoreFailed, $"The read model database {database} {what}.", error);

    internal static DaybookException OtherBook(PostgresDatabase database, ProjectionId projection, string found) => ProjectionErrors.OtherBook(
        projection, $"schema '{database.Schema.Name}' of {database}", found, database.Book,
        $"drop that schema (drop schema {database.SchemaInStatements} cascade), or choose another one");

    internal static DaybookException BuildsUnknown(PostgresDatabase database) =>
        new(ErrorCode.Unavailable, $"The builds of projections in {database} are being read, which was away; the projection starts when they are known.");
}
