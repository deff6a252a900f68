using Daybook.Reactions;

namespace Daybook.Projections.Memory;

/// <summary>The progress of a reaction in memory.</summary>
internal sealed class MemoryCheckpoints(string name) : ICheckpoints
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PartitionId, (Epoch Epoch, JournalOffset Next)> _partitions = [];
    private readonly HashSet<(PartitionId Partition, StreamId Stream, StreamVersion Version)> _skipped = [];

    public ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, JournalOffset first, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var (claimed, next) = _partitions.GetValueOrDefault(partition, (epoch, first));
            if (claimed > epoch)
                throw ProjectionErrors.Stale(new ProjectionId(name, 1), partition, epoch, claimed);
            _partitions[partition] = (epoch, next);
            return ValueTask.FromResult(next);
        }
    }

    public ValueTask AdvanceAsync(PartitionId partition, Epoch epoch, JournalOffset from, JournalOffset next, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_partitions.GetValueOrDefault(partition) is var found && found != (epoch, from))
                throw ProjectionErrors.Stale(new ProjectionId(name, 1), partition, epoch, found.Epoch);
            _partitions[partition] = (epoch, next);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask SkipAsync(RecordedEvent skipped, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        lock (_lock)
            _skipped.Add((skipped.Position.Partition, skipped.Stream, skipped.Version));
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return ValueTask.FromResult(_skipped.Count(s => s.Partition == partition));
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
