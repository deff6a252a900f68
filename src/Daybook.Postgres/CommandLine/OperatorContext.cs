using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.CommandLine;

/// <summary>The database and output that every command uses.</summary>
internal sealed record OperatorContext(PostgresDatabase Database, TextWriter Output, TimeProvider Time)
{
    internal SchemaName Schema => Database.Schema;

    internal ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => Database.OpenExistingAsync(cancellationToken);

    internal Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, Time, cancellationToken);

    /// <summary>The builds of a projection.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.UnknownType"/>: no projection has that name; the message lists the existing
    /// ones.</exception>
    internal async Task<List<BuildRow>> BuildsAsync(NpgsqlConnection connection, string projection, CancellationToken cancellationToken)
    {
        var all = await BuildRow.ReadAsync(connection, Schema, cancellationToken).ConfigureAwait(false);
        var mine = all.FindAll(b => b.Key.Projection.Name == projection);
        return mine.Count > 0 ? mine : throw new DaybookException(ErrorCode.UnknownType, all.Count == 0
            ? $"The projection '{projection}' does not exist: {Database} has no projections in the schema '{Schema.Name}'."
            : $"The projection '{projection}' does not exist; there are: {string.Join(", ", all.Select(b => $"'{b.Key.Projection.Name}'").Distinct())}.");
    }

    /// <summary>Begins a transaction that holds a projection's lock; fails if the lock is not free within a timeout.</summary>
    internal async Task<NpgsqlTransaction> LockAsync(NpgsqlConnection connection, string projection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync("set local lock_timeout = '10s'", cancellationToken).ConfigureAwait(false);
        await connection.LockAsync(ProjectionVersions.LockOf(Schema, projection), cancellationToken).ConfigureAwait(false);
        return transaction;
    }

    /// <summary>The named build, or a default; an error when there is neither.</summary>
    internal static BuildRow Pick(List<BuildRow> builds, int? version, int? number, Func<List<BuildRow>, BuildRow?> byDefault, string otherwise)
    {
        if (version is null && number is null)
            return byDefault(builds) ?? throw new DaybookException(ErrorCode.InvalidArgument, otherwise);
        var id = new ProjectionId(builds[0].Key.Projection.Name, version ?? ShownOf(builds).Key.Projection.Version);
        var found = builds.Find(b => b.Key.Projection == id && (number is null ? b.IsCurrent : b.Key.Number == number));
        return found ?? throw new DaybookException(ErrorCode.InvalidArgument,
            $"There is no {(number is null ? $"projection {id}" : $"build {number} of projection {id}")}; there are: {string.Join(", ", builds.Select(b => b.Key))}.");
    }

    internal static BuildRow ShownOf(List<BuildRow> builds) => builds.MaxBy(b => b.Shown)!;
}
