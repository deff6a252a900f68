using Daybook.Postgres.Builds;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres;

/// <summary>Translates errors of the server and of connections for a projection. Each message names the database.</summary>
internal static class PostgresErrors
{
    /// <summary>Raised by the function <c>advance</c>.</summary>
    internal const string Overtaken = "DB001";

    /// <summary>Raised by the function <c>claim</c>; the message is the id of the book that the checkpoints belong to.</summary>
    internal const string OfOtherBook = "DB002";

    /// <summary>Two transactions conflicted in a row; the failed one can be repeated immediately.</summary>
    internal static bool IsConflict(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>The Npgsql exception inside an error that another library has wrapped; null when there is none.</summary>
    internal static NpgsqlException? Within(Exception? error)
    {
        while (error is not (null or NpgsqlException))
            error = error.InnerException;
        return (NpgsqlException?)error;
    }

    /// <summary>The table or the schema does not exist: nothing was ever written there.</summary>
    internal static bool IsMissing(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName };

    /// <summary>The value can never be stored: data exceptions, constraints, limits of a value.</summary>
    internal static bool IsBadValue(Exception error) => error is PostgresException refused && refused.SqlState[..2] is ("22" or "23" or "54");

    /// <summary>The statement itself is wrong: its syntax, or an object that it names.</summary>
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
            $"denied permission: {refused.MessageText}. The user must own the schema '{database.Schema.Name}', or have USAGE and CREATE on it; " +
            "where the schema does not exist yet, CREATE on the database", refused),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } refused => Failed(database, $"has no room left on its disk: {refused.MessageText}", refused),
        PostgresException refused => Failed(database, $"failed with {refused.SqlState}: {refused.MessageText}", refused),
        _ => Failed(database, $"could not be reached or did not answer: {error.Message}", error),
    };

    /// <summary>A claim that the server had acknowledged is gone, for example after a failover or a restore. Claim again.</summary>
    internal static DaybookException ClaimLost(ProjectionId projection, PartitionId partition, Epoch mine, Epoch found, PostgresDatabase database) =>
        new(ErrorCode.VersionMismatch, $"The claim of projection {projection} on partition {partition} by epoch {mine} is gone from {database}, " +
            $"which has epoch {found}: it was restored, or failed over to a lagging standby. The projection restarts from its checkpoint there.");

    internal static DaybookException Newer(PostgresDatabase database, long found, long known) => new(ErrorCode.NewerFormat,
        $"The schema '{database.Schema.Name}' of {database} has format {found}; this version of Daybook supports up to {known}. Run the newer version, or choose another schema.");

    internal static DaybookException NoSchema(PostgresDatabase database, int found, int format) => new(ErrorCode.InvalidArgument, found == 0
        ? $"{database} has no read models of Daybook in the schema '{database.Schema.Name}'. Check Database of the connection string, and the schema."
        : $"The schema '{database.Schema.Name}' of {database} has format {found}, older than {format} of this program; a node of this version migrates it when it starts.");

    internal static DaybookException BadDocument(PostgresDatabase database, string table, string key, Type type, Exception? error) => new(ErrorCode.Corrupted,
        $"The document '{key}' in table {table} of {database} cannot be read as {type.Name}: {error?.Message ?? "it is null"} " +
        "When the document type has changed, its projection needs a higher version.", error);

    internal static DaybookException TableGone(PostgresDatabase database, BuildKey build, string table) => new(ErrorCode.Corrupted,
        $"Projection {build} has checkpoints in {database}, but its table {table} is gone. Drop this build or version of the projection, then rebuild it.");

    internal static DaybookException NotMade(PostgresDatabase database, BuildKey build, PostgresException error) => new(ErrorCode.InvalidArgument,
        $"The tables of projection {build} cannot be created in {database}: {error.SqlState}: {error.MessageText}. Correct the projection's row type, indexes or statements.",
        error);

    internal static DaybookException Dropped(PostgresDatabase database, BuildKey build) =>
        new(ErrorCode.NotOwner, $"Projection {build} was dropped from {database}; there is nothing to write it to.");

    internal static DaybookException CodeChanged(ProjectionId projection, string stored, string now) => new(ErrorCode.InvalidArgument,
        $"The code of projection {projection} has changed, but its version has not: the stored rows were folded by other code. Raise the version in its " +
        $"[Projection] attribute to rebuild it beside the old one, or revert the change.\nstored: {stored}\nnow:    {now}");

    private static DaybookException Failed(PostgresDatabase database, string what, Exception error) =>
        new(ProjectionFailures.Of(error) == FailureKind.Retry ? ErrorCode.Unavailable : ErrorCode.StoreFailed, $"The read model database {database} {what}.", error);

    internal static DaybookException OtherBook(PostgresDatabase database, ProjectionId projection, string found) => ProjectionErrors.OtherBook(
        projection, $"schema '{database.Schema.Name}' of {database}", found, database.Book,
        $"drop that schema (drop schema {database.SchemaInStatements} cascade), or choose another one");

    internal static DaybookException BuildsUnknown(PostgresDatabase database) =>
        new(ErrorCode.Unavailable, $"The list of projection builds has not been read from {database} yet, which was unreachable; the projection starts once it is read.");
}
