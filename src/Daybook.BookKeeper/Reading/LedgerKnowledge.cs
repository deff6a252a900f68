using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Reading;

/// <summary>What a reader knows of its ledger. Immutable; it only ever grows: the LAC never goes back, and a closed ledger stays closed
/// (invariant L19).</summary>
/// <param name="Metadata">As last read.</param>
/// <param name="LastEntry">The last entry that may be read: the LAC that the reader received, or where the ledger was closed.</param>
internal sealed record LedgerKnowledge(VersionedMetadata Metadata, EntryId LastEntry)
{
    /// <summary>True when <see cref="LastEntry"/> is final.</summary>
    public bool IsClosed => Metadata.Value.State == LedgerState.Closed;

    /// <summary>What follows from metadata alone: writers and recoveries begin a segment right behind what is acknowledged, never before
    /// (invariant L8).</summary>
    public static LedgerKnowledge Of(VersionedMetadata metadata) => new(metadata, LastEntryOf(metadata.Value));

    /// <summary>An authoritative source reported that an entry is acknowledged.</summary>
    public LedgerKnowledge Learn(EntryId acknowledged) => IsClosed || acknowledged <= LastEntry ? this : this with { LastEntry = acknowledged };

    /// <summary>Metadata were read; older ones than those known are ignored. The close of the ledger outweighs every answer of a bookie (L10).</summary>
    public LedgerKnowledge Learn(VersionedMetadata metadata)
    {
        if (metadata.Version < Metadata.Version)
            return this;
        var last = LastEntryOf(metadata.Value);
        return new(metadata, metadata.Value.State == LedgerState.Closed || last > LastEntry ? last : LastEntry);
    }

    private static EntryId LastEntryOf(LedgerMetadata metadata) =>
        metadata.State == LedgerState.Closed ? metadata.LastEntry : new EntryId(metadata.Current.First.Value - 1);
}
