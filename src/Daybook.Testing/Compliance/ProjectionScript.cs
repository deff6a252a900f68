using Daybook.Projections;

namespace Daybook.Testing.Compliance;

/// <summary>One partition's records, from which a test cuts batches as it likes.</summary>
internal sealed class ProjectionScript(int partition)
{
    private readonly List<ProjectedEvent> _events = [];
    private int _records;

    internal PartitionId Partition { get; } = new(partition);

    internal JournalOffset Head => new(_records);

    /// <summary>Adds one record with these events.</summary>
    internal ProjectionScript Add(params object[] bodies)
    {
        var metadata = new EventMetadata { CommandId = new CommandId(new Guid(_records + 1, 0, 0, new byte[8])), Time = DateTimeOffset.UnixEpoch };
        foreach (var body in bodies)
        {
            var recorded = new RecordedEvent(
                new StreamId("stream"), new StreamVersion(_events.Count + 1), new Position(Partition, Head), body.GetType().Name, default, metadata);
            _events.Add(new ProjectedEvent(body, recorded));
        }
        _records++;
        return this;
    }

    /// <summary>The batch of the records from one offset to before another; null for the head.</summary>
    internal ProjectionBatch Batch(long first = 0, long? next = null, long epoch = 1)
    {
        var end = next ?? _records;
        var events = _events.Where(e => e.Recorded.Position.Offset.Value >= first && e.Recorded.Position.Offset.Value < end);
        return new ProjectionBatch(Partition, new Epoch(epoch), new JournalOffset(first), new JournalOffset(end), [.. events]);
    }
}
