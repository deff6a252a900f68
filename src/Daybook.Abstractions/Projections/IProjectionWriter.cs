namespace Daybook.Projections;

/// <summary>One projection on one sink: what the projection runner drives. Built by a provider from an <see cref="IDocumentProjection{TDocument}"/>.</summary>
public interface IProjectionWriter
{
    /// <summary>The projection's name and version.</summary>
    ProjectionId Projection { get; }

    /// <summary>Which build of that version it is, from 1: a sink may keep several read models of one version beside each other.</summary>
    int Build => 1;

    /// <summary>Claims a partition for <paramref name="epoch"/> and reads its checkpoint.</summary>
    /// <returns>The offset of the first record not yet applied.</returns>
    /// <exception cref="DaybookException"><see cref="ErrorCode.StaleEpoch"/> when a later owner has claimed it. <see cref="ErrorCode.OtherBook"/> when its
    /// checkpoint belongs to another book.</exception>
    ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records that the read model holds events of <paramref name="partition"/> from offset <paramref name="head"/> on that the journal
    /// lacks, because the journal was restored or lost its end. From then on <see cref="StartAsync"/> refuses it as
    /// <see cref="ErrorCode.OtherBook"/>, also once the journal has grown past the checkpoint. Called after <see cref="StartAsync"/>.
    /// Default: does nothing, for a sink that does not outlive its process.
    /// </summary>
    ValueTask DisownAsync(PartitionId partition, Epoch epoch, JournalOffset head, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>How many events its read model lacks on a partition because an operator skipped them. Called after <see cref="StartAsync"/>. Default: 0.</summary>
    ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);

    /// <summary>
    /// Applies a batch: rows, checkpoint and epoch in one transaction. What lies before the checkpoint has no second effect, so a
    /// batch may be delivered again. When it fails with anything but the errors below, it may have been applied: start again from
    /// <see cref="StartAsync"/>.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Honoured until the batch's turn to be written has come; after that point it has no effect.</param>
    /// <exception cref="DaybookException">Nothing was written. <see cref="ErrorCode.StaleEpoch"/>: a later owner has claimed the
    /// partition, or this one never did; stop. <see cref="ErrorCode.VersionMismatch"/>: the batch starts behind the checkpoint and
    /// would leave a gap; start again.</exception>
    /// <exception cref="PoisonEventException">The projection failed on an event: nothing was written, park there.</exception>
    ValueTask ApplyAsync(ProjectionBatch batch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reports that the partition has caught up with its journal. When every partition that an older version of the projection has
    /// documents of did so, a sink may drop the older version: until then it stays, as the way back. May be called again.
    /// </summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.StaleEpoch"/>: a later owner has claimed the partition; stop.</exception>
    ValueTask CaughtUpAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes everything applied so far safe from a power loss, where the sink is one that outlives its process. Called before journal
    /// records are truncated, because what a sink takes back afterwards could not be applied again. When it fails, nothing is known.
    /// </summary>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);
}
