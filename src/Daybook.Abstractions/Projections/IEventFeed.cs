namespace Daybook.Projections;

/// <summary>The committed events of one partition, in order, as they become durable. What projections read.</summary>
public interface IEventFeed
{
    /// <summary>The partition.</summary>
    PartitionId Partition { get; }

    /// <summary>The epoch of the owner that serves this feed.</summary>
    Epoch Epoch { get; }

    /// <summary>The offset after the last durable record: where a reader that has seen everything waits.</summary>
    JournalOffset Head { get; }

    /// <summary>
    /// The offset after the last record that was there when this owner took the partition over; what it has recorded itself comes after. Default: the head.
    /// </summary>
    JournalOffset TakenOverAt => Head;

    /// <summary>Reads on; waits when there is nothing new.</summary>
    /// <param name="from">The offset of the first record wanted.</param>
    /// <param name="maxRecords">About the most records, and events; at least one entry's worth is returned.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Truncated"/> when <paramref name="from"/> is no longer kept;
    /// <see cref="ErrorCode.NotOwner"/> when the partition has lost its owner here.</exception>
    ValueTask<FeedBatch> ReadAsync(JournalOffset from, int maxRecords, CancellationToken cancellationToken = default);
}

/// <summary>A run of a feed.</summary>
/// <param name="First">The offset asked for.</param>
/// <param name="Next">The offset to ask for next.</param>
/// <param name="Events">The events made visible by the records from <paramref name="First"/> to before <paramref name="Next"/>.</param>
public sealed record FeedBatch(JournalOffset First, JournalOffset Next, IReadOnlyList<RecordedEvent> Events);
