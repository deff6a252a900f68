namespace Daybook.Core.Partitions;

/// <summary>What a machine knows about its ownership.</summary>
/// <param name="Id">The partition.</param>
/// <param name="Map">Which partition holds which stream.</param>
/// <param name="Epoch">The owner's epoch.</param>
/// <param name="Ledger">The ledger it writes first.</param>
/// <param name="Next">The offset of its first record.</param>
/// <param name="OrdersAcrossLedgers">Whether the store keeps one order across ledgers.</param>
internal readonly record struct PartitionContext(
    PartitionId Id, PartitionMap Map, Epoch Epoch, LedgerId Ledger, JournalOffset Next, bool OrdersAcrossLedgers);
