namespace Daybook.Projections;

/// <summary>The errors of the projection contract, worded once for every sink.</summary>
public static class ProjectionErrors
{
    /// <summary>A later owner claimed the partition, or this one never did.</summary>
    public static DaybookException Stale(ProjectionId projection, PartitionId partition, Epoch epoch, Epoch claimed) =>
        new(ErrorCode.StaleEpoch, $"Projection {projection} on partition {partition} is claimed by epoch {claimed}; epoch {epoch} must stop.");

    /// <summary>A batch starts behind the checkpoint; applying it would skip what lies between.</summary>
    public static DaybookException Gap(ProjectionId projection, ProjectionBatch batch, JournalOffset checkpoint) =>
        new(ErrorCode.VersionMismatch,
            $"A batch for projection {projection} starts at {batch.First} of partition {batch.Partition}, behind its checkpoint {checkpoint}.");
}
