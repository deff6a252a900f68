namespace Daybook.Core.Partitions.State;

/// <summary>
/// A partition's journal, folded: what an owner needs to continue. A function of the journal alone, so a replay from a
/// recovery point and one from the first record end in the same state (invariant J6).
/// </summary>
internal sealed class PartitionState(int commandWindow)
{
    public StreamTable Streams { get; } = new();

    public CommandWindow Commands { get; } = new(commandWindow);

    /// <summary>Transactions this partition voted yes for and does not yet know the end of.</summary>
    public Dictionary<TransactionId, PreparedTransaction> Prepared { get; } = [];

    /// <summary>Transactions this partition decided to commit, and the participants that have not durably resolved them.</summary>
    public Dictionary<TransactionId, List<PartitionId>> Decided { get; } = [];
}
