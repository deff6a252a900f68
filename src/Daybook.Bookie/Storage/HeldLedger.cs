namespace Daybook.Bookie.Storage;

/// <summary>What this bookie knows of a ledger.</summary>
internal sealed class HeldLedger(LedgerId id, uint generation)
{
    public LedgerId Id => id;

    /// <summary>Tells a ledger from an earlier one of the same id that was deleted.</summary>
    public uint Generation => generation;

    /// <summary>The master key; null only while the log is being replayed.</summary>
    public byte[]? Key { get; set; }

    public bool IsFenced { get; set; }

    /// <summary>The ordinal of the block that the fence is in; the fence holds once that block is durable.</summary>
    public long FencedIn { get; set; }

    /// <summary>The explicit LAC as the client packaged it; null when none was written.</summary>
    public byte[]? ExplicitLac { get; set; }

    /// <summary>The highest LAC that an entry or an explicit LAC told of.</summary>
    public EntryId Lac { get; set; } = EntryId.None;

    public EntryIndex Entries { get; } = new();
}
