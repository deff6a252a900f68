using Daybook.Projections;

namespace Daybook.Postgres.Tests.Support;

/// <summary>Batches of records with one event each.</summary>
internal static class Batches
{
    private static readonly EventMetadata s_metadata = new() { CommandId = new CommandId(new Guid(1, 0, 0, new byte[8])), Time = DateTimeOffset.UnixEpoch };

    /// <summary>A batch of partition 0 in epoch 1.</summary>
    internal static ProjectionBatch Of(long first, params object[] bodies) => Of(0, 1, first, bodies);

    internal static ProjectionBatch Of(int partition, long epoch, long first, params object[] bodies)
    {
        var events = bodies.Select((body, i) => new ProjectedEvent(body, Recorded(partition, first + i, body)));
        return new ProjectionBatch(new PartitionId(partition), new Epoch(epoch), new JournalOffset(first), new JournalOffset(first + bodies.Length), [.. events]);
    }

    internal static RecordedEvent Recorded(int partition, long offset, object body) => new(
        new StreamId("s"), new StreamVersion(offset + 1), new Position(new PartitionId(partition), new JournalOffset(offset)), body.GetType().Name, default, s_metadata);
}
