namespace Daybook.Projections;

/// <summary>A dense run of one partition's journal, for one projection.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The epoch of the partition's owner; a sink refuses one that is lower than what it has seen (invariant F2).</param>
/// <param name="First">The offset the batch starts at: the sink's checkpoint.</param>
/// <param name="Next">The offset after the batch: the checkpoint to store with the rows.</param>
/// <param name="Events">The committed events in order; may be empty, since not every record holds events.</param>
public sealed record ProjectionBatch(
    PartitionId Partition,
    Epoch Epoch,
    JournalOffset First,
    JournalOffset Next,
    IReadOnlyList<ProjectedEvent> Events)
{
    /// <summary>Events of the run that an operator skipped: not in <see cref="Events"/>, and recorded with the checkpoint. Default: none.</summary>
    public IReadOnlyList<RecordedEvent> Skipped { get; init; } = [];
}

/// <summary>An event on its way into a read model.</summary>
/// <param name="Body">The deserialized, upcast event.</param>
/// <param name="Recorded">The event as stored, with stream, version, position and metadata.</param>
public readonly record struct ProjectedEvent(object Body, RecordedEvent Recorded);
