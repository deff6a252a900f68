namespace Daybook;

/// <summary>
/// One attempt at a transaction. Unique for ever: the coordinator partition numbers its attempts within its epoch, so a delayed message of one
/// attempt can never be taken for the next (invariant T5).
/// </summary>
/// <param name="Coordinator">The partition whose journal holds the decision.</param>
/// <param name="CoordinatorEpoch">The epoch in which the coordinator started it.</param>
/// <param name="Number">The ordinal of the attempt within that epoch, from 1.</param>
public readonly record struct TransactionId(PartitionId Coordinator, Epoch CoordinatorEpoch, long Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Coordinator.Value}.{CoordinatorEpoch.Value}.{Number}";
}
