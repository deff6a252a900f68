namespace Daybook;

/// <summary>A place in the book: a partition and the journal record in it that made an event visible.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The record. For a participant of a transaction, the record that resolved it.</param>
public readonly record struct Position(PartitionId Partition, JournalOffset Offset)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Partition}@{Offset}";
}
