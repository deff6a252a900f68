namespace Daybook;

/// <summary>What one partition is doing.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">Its owner's epoch; null while nobody owns it here.</param>
/// <param name="Head">The offset after its last durable record; null while nobody owns it here.</param>
/// <param name="StalledFor">How long its oldest append has been waiting for the ledger without any news; zero when none is.</param>
/// <param name="Error">Why nobody owns it; null while somebody does.</param>
public sealed record PartitionStatus(PartitionId Partition, Epoch? Epoch, JournalOffset? Head, TimeSpan StalledFor, string? Error)
{
    /// <summary>The process that owns it, where it is not this one and the coordinator knows which; null otherwise.</summary>
    public string? OwnedBy { get; init; }

    /// <summary>True while it has an owner here.</summary>
    public bool IsOwned => Epoch is not null;
}
