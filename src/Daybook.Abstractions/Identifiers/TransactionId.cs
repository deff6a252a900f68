namespace Daybook;

/// <summary>
/// One attempt at a transaction. Unique for ever: the home partition numbers its attempts within its epoch, so a delayed message of one
/// attempt can never be taken for the next (must-hold T5).
/// </summary>
/// <param name="Home">The partition whose journal holds the decision.</param>
/// <param name="HomeEpoch">The epoch in which the home owner started it.</param>
/// <param name="Number">The ordinal of the attempt within that epoch, from 1.</param>
public readonly record struct TransactionId(PartitionId Home, Epoch HomeEpoch, long Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Home.Value}.{HomeEpoch.Value}.{Number}";
}
