using Daybook.Postgres.Builds;
using Daybook.Postgres.CommandLine;
using Daybook.Postgres.Schema;
using Npgsql;

namespace Daybook.Postgres.Verifying;

/// <summary>Orders a shadow of a build from the nodes, sets its limits, waits until it reaches them, and drops it.</summary>
internal sealed class ShadowBuild(OperatorContext context, NpgsqlConnection connection, BuildRow compared)
{
    private const int LooksWithoutProgress = 240;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private BuildKey _key;

    internal BuildKey Key => _key;

    /// <summary>Orders the shadow, up to the current checkpoints of the other build. Drops shadows that an earlier verification left
    /// behind.</summary>
    internal async Task OrderAsync(int sample, CancellationToken cancellationToken)
    {
        await using var transaction = await context.LockAsync(connection, compared.Key.Projection.Name, cancellationToken).ConfigureAwait(false);
        var changes = new BuildChanges(context.Schema);
        var builds = await BuildRow.ReadAsync(connection, context.Schema, cancellationToken, compared.Key.Projection.Name).ConfigureAwait(false);
        foreach (var left in builds.Where(b => b.State == BuildState.Shadow))
            await changes.DropAsync(connection, left, whole: false, cancellationToken).ConfigureAwait(false);
        _key = await changes.AddAsync(connection, compared.Key.Projection, BuildState.Shadow, false, sample, cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(
            $"""
            insert into {context.Schema}.checkpoints (projection, version, build, partition, next_offset, epoch, stop_at)
            select projection, version, $4, partition, 0, 0, next_offset from {context.Schema}.checkpoints where projection = $1 and version = $2 and build = $3
            """,
            cancellationToken, compared.Key.Projection.Name, compared.Key.Projection.Version, compared.Key.Number, _key.Number).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Raises the shadow's limits to these offsets.</summary>
    internal async Task RaiseAsync(IEnumerable<(int Partition, long Offset)> limits, CancellationToken cancellationToken)
    {
        foreach (var (partition, offset) in limits)
            await connection.ExecuteAsync(
                $"""
                insert into {context.Schema}.checkpoints (projection, version, build, partition, next_offset, epoch, stop_at) values ($1, $2, $3, $4, 0, 0, $5)
                on conflict (projection, version, build, partition) do update set stop_at = excluded.stop_at
                """,
                cancellationToken, _key.Projection.Name, _key.Projection.Version, _key.Number, partition, offset).ConfigureAwait(false);
        await Wakeups.SendAsync(connection, context.Schema, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the shadow has reached its limits.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Unavailable"/>: it makes no progress; the message names the fault if it is
    /// parked.</exception>
    internal async Task ReachAsync(CancellationToken cancellationToken)
    {
        var (last, still) = (-1L, 0);
        while (await LeftAsync(cancellationToken).ConfigureAwait(false) is > 0 and var left)
        {
            if (left != last)
                await context.Output.WriteLineAsync($"{left} records still to fold.").ConfigureAwait(false);
            (last, still) = (left, left == last ? still + 1 : 0);
            var runs = await RunRow.ReadAsync(connection, context.Schema, _key.Projection.Name, cancellationToken).ConfigureAwait(false);
            if (runs.Find(r => r.IsOf(_key) && r.IsParked) is { } parked)
                throw new DaybookException(ErrorCode.PoisonEvent,
                    $"The events cannot be folded: partition {parked.Partition} is parked at {parked.Position}: {parked.Error}");
            if (still >= LooksWithoutProgress)
                throw new DaybookException(ErrorCode.Unavailable,
                    $"No node is folding projection {_key.Projection}; {left} records are left. Check that a node is running for every partition.");
            await context.PauseAsync(s_look, cancellationToken).ConfigureAwait(false);
        }
    }

    internal async Task DropAsync()
    {
        await using var transaction = await context.LockAsync(connection, _key.Projection.Name, CancellationToken.None).ConfigureAwait(false);
        await new BuildChanges(context.Schema).DropAsync(connection, compared with { Key = _key }, whole: false, CancellationToken.None).ConfigureAwait(false);
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>How many records are left; at least one until a node has created the shadow's tables, even if there is nothing to
    /// fold.</summary>
    private async Task<long> LeftAsync(CancellationToken cancellationToken)
    {
        var left = await connection.ScalarAsync(
            $"""
            select greatest(coalesce(sum(stop_at - next_offset), 0), case when to_regclass($4) is null or to_regclass($5) is null then 1 else 0 end)::bigint
            from {context.Schema}.checkpoints where projection = $1 and version = $2 and build = $3
            """,
            cancellationToken, _key.Projection.Name, _key.Projection.Version, _key.Number,
            BuildKey.Qualified(context.Schema, _key.Table), BuildKey.Qualified(context.Schema, _key.EventsTable)).ConfigureAwait(false);
        return (long)left!;
    }
}
