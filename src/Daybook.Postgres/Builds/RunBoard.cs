using Daybook.Postgres.Schema;
using Daybook.Postgres.Verifying;
using Daybook.Projections;
using Npgsql;
using NpgsqlTypes;

namespace Daybook.Postgres.Builds;

/// <summary>Publishes in the schema the progress, lag and errors of this node's projections.</summary>
internal sealed class RunBoard(SchemaName schema, string node, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private readonly Dictionary<(ProjectionId, int, PartitionId), (RateMeter Applied, RateMeter Head)> _rates = [];

    // An overtaken node must not overwrite its successor's row, nor recreate one that was dropped.
    private readonly string _publish =
        $"""
        insert into {schema}.runs as r (projection, version, build, partition, epoch, node, state, head, rate, head_rate, error, parked_at, parked_event, skipped)
        select n.projection, n.version, n.build, n.partition, c.epoch, $5, n.state, n.head, n.rate, n.head_rate, n.error, n.parked_at, n.parked_event, n.skipped
        from unnest($1, $2, $3, $4, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            as n (projection, version, build, partition, epoch, state, head, rate, head_rate, error, parked_at, parked_event, skipped)
        join {schema}.checkpoints c on c.projection = n.projection and c.version = n.version and c.build = n.build and c.partition = n.partition
            and (c.epoch <= n.epoch or n.state = 'Stopped')
        on conflict (projection, version, build, partition) do update set epoch = excluded.epoch, node = excluded.node, state = excluded.state,
            head = excluded.head, rate = excluded.rate, head_rate = excluded.head_rate, error = excluded.error, parked_at = excluded.parked_at,
            parked_event = excluded.parked_event, skipped = excluded.skipped, seen_at = now()
        where r.epoch <= excluded.epoch or (excluded.state = 'Stopped' and r.seen_at < now() - interval '3 seconds')
        """;

    internal async Task PublishAsync(NpgsqlConnection connection, IReadOnlyList<ProjectionStatus> statuses, CancellationToken cancellationToken)
    {
        // A run that has not started has nothing to publish, and an overtaken one leaves the row to its successor.
        var runs = statuses.Where(s => s.State != ProjectionState.Starting && s.Code is not (ErrorCode.StaleEpoch or ErrorCode.NotOwner)).ToList();
        if (runs.Count == 0)
            return;
        var rates = runs.ConvertAll(Observe);
        await using var command = new NpgsqlCommand(_publish, connection);
        Add(command, NpgsqlDbType.Text, runs.ConvertAll(s => s.Projection.Name));
        Add(command, NpgsqlDbType.Integer, runs.ConvertAll(s => s.Projection.Version));
        Add(command, NpgsqlDbType.Integer, runs.ConvertAll(s => s.Build));
        Add(command, NpgsqlDbType.Integer, runs.ConvertAll(s => s.Partition.Value));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = node });
        Add(command, NpgsqlDbType.Bigint, runs.ConvertAll(s => s.Epoch.Value));
        Add(command, NpgsqlDbType.Text, runs.ConvertAll(s => s.State.ToString()));
        Add(command, NpgsqlDbType.Bigint, runs.ConvertAll(s => s.Head.Value));
        Add(command, NpgsqlDbType.Double, rates.ConvertAll(r => r.Applied));
        Add(command, NpgsqlDbType.Double, rates.ConvertAll(r => r.Head));
        Add(command, NpgsqlDbType.Text, runs.ConvertAll(s => StorableText.Cleaned(s.Error)));
        Add(command, NpgsqlDbType.Bigint, runs.ConvertAll(s => s.ParkedAt?.Position.Offset.Value));
        Add(command, NpgsqlDbType.Text, runs.ConvertAll(s => s.ParkedAt is { } at ? ShadowEvents.Describe(at) : null));
        Add(command, NpgsqlDbType.Integer, runs.ConvertAll(s => s.Skipped));
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private (double Applied, double Head) Observe(ProjectionStatus status)
    {
        var key = (status.Projection, status.Build, status.Partition);
        if (!_rates.TryGetValue(key, out var meters))
            _rates.Add(key, meters = (new RateMeter(), new RateMeter()));
        var at = time.GetElapsedTime(_began);
        meters.Applied.Observe(at, status.Checkpoint.Value);
        meters.Head.Observe(at, status.Head.Value);
        return (meters.Applied.PerSecond, meters.Head.PerSecond);
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, List<T> values) =>
        command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
