namespace Daybook.Projections;

/// <summary>One projection on one sink: what the projection runner drives. Built by a provider from an <see cref="IDocumentProjection{TDocument}"/>.</summary>
public interface IProjectionWriter
{
    /// <summary>The projection's name.</summary>
    string Name { get; }

    /// <summary>The projection's version.</summary>
    int Version { get; }

    /// <summary>Claims a partition for <paramref name="epoch"/> and reads its checkpoint.</summary>
    /// <returns>The offset of the first record not yet applied.</returns>
    /// <exception cref="DaybookException"><see cref="ErrorCode.StaleEpoch"/> when a later owner has claimed it.</exception>
    ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies a batch: rows, checkpoint and epoch in one transaction. A batch that lies before the checkpoint is a no-op.
    /// When it fails with anything but the codes below, it may have been applied: start again from <see cref="StartAsync"/>.
    /// </summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.StaleEpoch"/>: nothing was written, stop.</exception>
    /// <exception cref="PoisonEventException">The projection failed on an event: nothing was written, park there.</exception>
    ValueTask ApplyAsync(ProjectionBatch batch, CancellationToken cancellationToken = default);
}
