using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.CommandLine;

/// <summary>What every command needs.</summary>
internal sealed record OperatorContext(PostgresDatabase Database, TextWriter Output, TimeProvider Time)
{
    internal SchemaName Schema => Database.Schema;

    internal ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => Database.OpenExistingAsync(cancellationToken);

    internal Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, Time, cancellationToken);

    /// <summary>The builds of a projection.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.UnknownType"/>: there is none of that name; the message names those there are.</exception>
    internal async Task<List<BuildRow>> BuildsAsync(NpgsqlConnection connection, string projection, CancellationToken cancellationToken)
    {
        var all = await BuildRow.ReadAsync(connection, Schema, cancellationToken).ConfigureAwait(false);
        var mine = all.FindAll(b => b.Key.Projection.Name == projection);
        return mine.Count > 0 ? mine : throw new DaybookException(ErrorCode.UnknownType, all.Count == 0
            ? $"There is no projection '{projection}': {Database} has none in the schema '{Schema.Name}'."
            : $"There is no projection '{projection}'; there are: {string.Join(", ", all.Select(b => $"'{b.Key.Projection.Name}'").Distinct())}.");
    }

    /// <summary>Begins a transaction that holds the lock of a projection, and gives up after a while.</summary>
    internal async Task<NpgsqlTransaction> LockAsync(NpgsqlConnection connection, string projection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync("set local lock_timeout = '10s'", cancellationToken).ConfigureAwait(false);
        await connection.LockAsync(ProjectionVersions.LockOf(Schema, projection), cancellationToken).ConfigureAwait(false);
        return transaction;
    }

    /// <summary>The build that is named, or a default; none named and no default is an error.</summary>
    internal static BuildRow Pick(List<BuildRow> builds, int? version, int? number, Func<List<BuildRow>, BuildRow?> byDefault, string otherwise)
    {
        if (version is null && number is null)
            return byDefault(builds) ?? throw new DaybookException(ErrorCode.InvalidArgument, otherwise);
        var id = new ProjectionId(builds[0].Key.Projection.Name, version ?? ShownOf(builds).Key.Projection.Version);
        var found = builds.Find(b => b.Key.Projection == id && (number is null ? b.IsCurrent : b.Key.Number == number));
        return found ?? throw new DaybookException(ErrorCode.InvalidArgument,
            $"There is no {(number is null ? $"version of projection {id}" : $"build {number} of projection {id}")}; there are: {string.Join(", ", builds.Select(b => b.Key))}.");
    }

    internal static BuildRow ShownOf(List<BuildRow> builds) => builds.MaxBy(b => b.Shown)!;
}
