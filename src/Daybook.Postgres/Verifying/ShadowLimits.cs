using System.Collections.Concurrent;
using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Verifying;

/// <summary>How far each shadow may fold, so that it ends where the build it is compared with was. Read from the schema; limits only
/// rise.</summary>
internal sealed class ShadowLimits
{
    private readonly ConcurrentDictionary<(ProjectionId, int, PartitionId), ShadowLimit> _limits = new();

    internal async Task ReadAsync(NpgsqlConnection connection, SchemaName schema, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"select projection, version, build, partition, stop_at from {schema}.checkpoints where stop_at is not null");
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            Of(new ProjectionId(rows.GetString(0), rows.GetInt32(1)), rows.GetInt32(2), new PartitionId(rows.GetInt32(3))).Raise(new JournalOffset(rows.GetInt64(4)));
    }

    internal Func<IEventFeed, IEventFeed> FeedOf(BuildKey build) => feed => new BoundedFeed(feed, Of(build.Projection, build.Number, feed.Partition));

    private ShadowLimit Of(ProjectionId projection, int build, PartitionId partition) => _limits.GetOrAdd((projection, build, partition), _ => new ShadowLimit());
}

/// <summary>An offset that only rises, and that callers can wait for.</summary>
internal sealed class ShadowLimit
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JournalOffset _offset;

    /// <summary>The current limit, and a task that completes when it rises.</summary>
    internal (JournalOffset Offset, Task Raised) Now
    {
        get
        {
            lock (_lock)
                return (_offset, _raised.Task);
        }
    }

    internal void Raise(JournalOffset offset)
    {
        lock (_lock)
        {
            if (offset <= _offset)
                return;
            _offset = offset;
            _raised.SetResult();
            _raised = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

/// <summary>A feed that ends at a limit.</summary>
internal sealed class BoundedFeed(IEventFeed feed, ShadowLimit limit) : IEventFeed
{
    public PartitionId Partition => feed.Partition;

    public Epoch Epoch => feed.Epoch;

    public JournalOffset Head => feed.Head < limit.Now.Offset ? feed.Head : limit.Now.Offset;

    public async ValueTask<FeedBatch> ReadAsync(JournalOffset from, int maxRecords, CancellationToken cancellationToken = default)
    {
        var (end, raised) = limit.Now;
        for (; end <= from; (end, raised) = limit.Now)
            await raised.WaitAsync(cancellationToken).ConfigureAwait(false);
        var batch = await feed.ReadAsync(from, maxRecords, cancellationToken).ConfigureAwait(false);
        return batch.Next <= end ? batch : new FeedBatch(batch.First, end, [.. batch.Events.Where(e => e.Position.Offset < end)]);
    }
}
