namespace Daybook.Reactions;

/// <summary>A sink of read models that can also keep the progress of reactions, beside the checkpoints of its projections.</summary>
public interface ICheckpointSink
{
    /// <summary>The progress that is kept under a name. Does no I/O.</summary>
    /// <param name="name">At most 60 characters, beginning with <see cref="Projections.ProjectionId.ReactionPrefix"/>.</param>
    ICheckpoints Checkpoints(string name);
}

/// <summary>Progress on each partition: an offset, and the epoch of the owner that may move it.</summary>
public interface ICheckpoints
{
    /// <summary>Claims a partition for <paramref name="epoch"/> and reads its checkpoint. What it leaves outlives a power loss, where the sink does.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="epoch">The epoch of its owner.</param>
    /// <param name="first">The checkpoint of a partition that has none yet.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.StaleEpoch"/> when a later owner has claimed it. <see cref="ErrorCode.OtherBook"/> when its
    /// checkpoint belongs to another book.</exception>
    ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, JournalOffset first, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records that the checkpoint counts records from offset <paramref name="head"/> on that the journal lacks, because the journal was
    /// restored or lost its end. From then on <see cref="StartAsync"/> refuses it as <see cref="ErrorCode.OtherBook"/>. Default: does
    /// nothing.
    /// </summary>
    ValueTask DisownAsync(PartitionId partition, Epoch epoch, JournalOffset head, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>
    /// Moves a checkpoint on from where it was last seen, by one statement that checks the epoch itself. When it fails with anything but the error below, it
    /// may have been moved: start again. A power loss may take the last moves back.
    /// </summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.StaleEpoch"/>: a later owner has claimed the partition; nothing was moved.</exception>
    ValueTask AdvanceAsync(PartitionId partition, Epoch epoch, JournalOffset from, JournalOffset next, CancellationToken cancellationToken = default);

    /// <summary>Records an event that an operator skipped, before the checkpoint moves past it; again has no further effect.</summary>
    ValueTask SkipAsync(RecordedEvent skipped, CancellationToken cancellationToken = default);

    /// <summary>How many events were skipped on a partition.</summary>
    ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default);

    /// <summary>Makes every move so far safe from a power loss.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);
}
