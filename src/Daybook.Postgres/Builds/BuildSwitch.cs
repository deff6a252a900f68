using Daybook.Postgres.Schema;
using Npgsql;

namespace Daybook.Postgres.Builds;

/// <summary>
/// Shows another build, in one transaction. It locks the checkpoints of the build shown now until the other build is level with them on
/// every partition, so no reader ever goes back in time. It waits only briefly for that, and for readers that hold a view.
/// </summary>
internal sealed class BuildSwitch(SchemaName schema, TimeProvider time)
{
    private const int LevelAttempts = 50;
    private static readonly TimeSpan s_levelPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Switches if that is possible without a long wait.</summary>
    /// <param name="connection">A connection with no open transaction.</param>
    /// <param name="build">The build to show.</param>
    /// <param name="alone">Whether the switch is automatic; then only a build that switches automatically and was never shown
    /// qualifies.</param>
    /// <param name="behind">Whether the build may be behind the one shown now.</param>
    /// <param name="cancellationToken">Cancels before the switch.</param>
    /// <returns>Null on success; otherwise the reason, in words.</returns>
    internal async Task<string?> TryAsync(NpgsqlConnection connection, BuildKey build, bool alone, bool behind, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await connection.ExecuteAsync("set local lock_timeout = '1s'", cancellationToken).ConfigureAwait(false);
            await connection.LockAsync(ProjectionVersions.LockOf(schema, build.Projection.Name), cancellationToken).ConfigureAwait(false);
            var builds = await BuildRow.ReadAsync(connection, schema, cancellationToken, build.Projection.Name).ConfigureAwait(false);
            var row = builds.Find(b => b.Key == build);
            if (row is null || (alone && (row.State != BuildState.Filling || !row.SwitchesAlone)))
                return $"projection {build} is not waiting to be shown";
            if (!behind && await LagAsync(connection, builds, row, cancellationToken).ConfigureAwait(false) is { } lag)
                return lag;
            await ShowAsync(connection, row, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable || PostgresErrors.IsConflict(error))
        {
            return "the views are locked: by a reader in a long transaction, or by another switch";
        }
    }

    /// <summary>Locks the checkpoints of the build shown now, and waits briefly for the other build to be level; null once it is.</summary>
    private async Task<string?> LagAsync(NpgsqlConnection connection, List<BuildRow> builds, BuildRow row, CancellationToken cancellationToken)
    {
        var shown = builds.MaxBy(b => b.Shown)!;
        var seen = builds.Where(b => b != row && (b == shown || (b.Key.Projection == row.Key.Projection && b.IsCurrent))).ToList();
        foreach (var other in seen)
            await connection.ExecuteAsync(
                $"select from {schema}.checkpoints where projection = $1 and version = $2 and build = $3 order by partition for share",
                cancellationToken, other.Key.Projection.Name, other.Key.Projection.Version, other.Key.Number).ConfigureAwait(false);
        string? lag = null;
        for (var attempt = 0; attempt < (seen.Count == 0 ? 0 : LevelAttempts); attempt++)
        {
            lag = await BehindAsync(connection, seen, row, cancellationToken).ConfigureAwait(false);
            if (lag is null || (attempt == 0 && lag.StartsWith('!')))
                break;
            await Task.Delay(s_levelPause, time, cancellationToken).ConfigureAwait(false);
        }
        return lag?.TrimStart('!');
    }

    private async Task<string?> BehindAsync(NpgsqlConnection connection, List<BuildRow> seen, BuildRow row, CancellationToken cancellationToken)
    {
        foreach (var other in seen)
        {
            var lag = await connection.ScalarAsync(
                $"""
                select case when n.caught_up then '' else '!' end || format('projection %s is at offset %s of partition %s, which is %s, behind %s of what is shown',
                    $5::text, coalesce(n.next_offset, 0), c.partition, case when n.caught_up then 'followed' else 'still being read' end, c.next_offset)
                from {schema}.checkpoints c
                left join {schema}.checkpoints n on n.projection = c.projection and n.version = $4 and n.build = $6 and n.partition = c.partition
                where c.projection = $1 and c.version = $2 and c.build = $3 and (n.caught_up is not true or n.next_offset < c.next_offset)
                order by n.caught_up nulls first, c.partition limit 1
                """,
                cancellationToken, other.Key.Projection.Name, other.Key.Projection.Version, other.Key.Number,
                row.Key.Projection.Version, row.Key.ToString(), row.Key.Number).ConfigureAwait(false);
            if (lag is string behind)
                return behind;
        }
        return null;
    }

    private async Task ShowAsync(NpgsqlConnection connection, BuildRow row, CancellationToken cancellationToken)
    {
        var (name, version) = row.Key.Projection;
        await connection.ExecuteAsync(
            $"update {schema}.builds set state = 'live', shown = nextval('{schema}.switches') where projection = $1 and version = $2 and build = $3",
            cancellationToken, name, version, row.Key.Number).ConfigureAwait(false);
        await connection.ExecuteAsync(
            $"update {schema}.projections set build = $3 where name = $1 and version = $2", cancellationToken, name, version, row.Key.Number).ConfigureAwait(false);
        if (row.Kind != "raw")
        {
            await BuildViews.ShowInVersionAsync(connection, schema, row.Key, cancellationToken).ConfigureAwait(false);
            await BuildViews.ShowAsync(connection, schema, row.Key, cancellationToken).ConfigureAwait(false);
        }
        await Wakeups.SendAsync(connection, schema, cancellationToken).ConfigureAwait(false);
    }
}
