namespace Daybook.Bookie.Storage;

/// <summary>This bookie's state of a ledger.</summary>
internal sealed class HeldLedger(LedgerId id, uint generation)
{
    public LedgerId Id => id;

    /// <summary>Distinguishes a ledger from an earlier, deleted one of the same id.</summary>
    public uint Generation => generation;

    /// <summary>The master key; null only while the log is being replayed.</summary>
    public byte[]? Key { get; set; }

    public bool IsFenced { get; set; }

    /// <summary>The ordinal of the block that contains the fence; the fence holds once that block is durable.</summary>
    public long FencedIn { get; set; }

    /// <summary>The explicit LAC as the client sent it; null when none was written.</summary>
    public byte[]? ExplicitLac { get; set; }

    /// <summary>The highest LAC carried by an entry or an explicit LAC.</summary>
    public EntryId Lac { get; set; } = EntryId.None;

    public EntryIndex Entries { get; } = new();
}
