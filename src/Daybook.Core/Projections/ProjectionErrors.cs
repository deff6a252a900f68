namespace Daybook.Projections;

/// <summary>The errors of the projection contract, worded once for every sink.</summary>
public static class ProjectionErrors
{
    /// <summary>A later owner claimed the partition, or this one never did.</summary>
    public static DaybookException Stale(ProjectionId projection, PartitionId partition, Epoch epoch, Epoch claimed) =>
        new(ErrorCode.StaleEpoch, $"Projection {projection} on partition {partition} is claimed by epoch {claimed}; epoch {epoch} must stop.");

    /// <summary>The checkpoint of the read model belongs to another book.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="place">Where the read model is, for people.</param>
    /// <param name="found">The id of the book that its checkpoints belong to.</param>
    /// <param name="book">The id of this book.</param>
    /// <param name="cure">How to have it rebuilt there.</param>
    public static DaybookException OtherBook(ProjectionId projection, string place, string? found, string? book, string cure) => new(ErrorCode.OtherBook,
        $"The read model of projection {projection} in {place} was folded from book {found}, but this is book {book}: the data folder or cluster was deleted, " +
        $"replaced or restored, or two books share the read models. Nothing was changed. To keep the read model, restore the data of book {found}; " +
        $"to have it rebuilt from book {book}, {cure}, then start again.");

    /// <summary>What a sink keeps as the book of a checkpoint that counts records which the book's journal has lost.</summary>
    /// <param name="book">The id of the book; null where the sink does not know it.</param>
    /// <param name="head">The offset from which on the journal had no records.</param>
    public static string LostFrom(string? book, JournalOffset head) => $"{book} with records from offset {head} on that this book's journal has lost";

    /// <summary>A batch starts behind the checkpoint; applying it would skip what lies between.</summary>
    public static DaybookException Gap(ProjectionId projection, ProjectionBatch batch, JournalOffset checkpoint)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new(ErrorCode.VersionMismatch,
            $"A batch for projection {projection} starts at {batch.First} of partition {batch.Partition}, behind its checkpoint {checkpoint}.");
    }
}
