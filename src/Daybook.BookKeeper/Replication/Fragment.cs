using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Replication;

/// <summary>The entries of a segment that stay as they are for ever, and the position of the lost bookie in it.</summary>
/// <param name="Metadata">The ledger's.</param>
/// <param name="Segment">Its bookies.</param>
/// <param name="Last">Its last entry; before the first when it has none.</param>
/// <param name="Position">Where the lost bookie is.</param>
internal sealed record Fragment(LedgerMetadata Metadata, EnsembleSegment Segment, EntryId Last, int Position)
{
    /// <summary>The entries that the lost bookie should have, in order.</summary>
    public IEnumerable<EntryId> Entries()
    {
        for (var entry = Segment.First; entry <= Last; entry = entry.Next)
        {
            if (Metadata.Sizes.WriteSetOf(entry).CopyAt(Position) >= 0)
                yield return entry;
        }
    }

    /// <summary>The bookies to ask for an entry: the others of its write set in turns, so that all of them help, and the lost bookie itself
    /// last.</summary>
    /// <returns>The position; null when all were asked.</returns>
    public int? SourceOf(EntryId entry, int attempt)
    {
        var copies = Metadata.Sizes.WriteSetOf(entry);
        var others = copies.Count - 1;
        if (attempt >= others)
            return attempt == others ? Position : null;
        var offset = 1 + (attempt + (int)(entry.Value / copies.Ensemble % others)) % others;
        return copies[(copies.CopyAt(Position) + offset) % copies.Count];
    }

    /// <summary>What of a ledger a bookie had, in order; the last segment of a ledger that is not closed is not among it.</summary>
    public static IEnumerable<Fragment> Of(LedgerMetadata metadata, BookieId lost)
    {
        for (var i = 0; i < metadata.Segments.Length; i++)
        {
            var segment = metadata.Segments[i];
            var isLast = i == metadata.Segments.Length - 1;
            var position = segment.Bookies.IndexOf(lost);
            if (position >= 0 && (!isLast || metadata.State == LedgerState.Closed))
                yield return new Fragment(metadata, segment, isLast ? metadata.LastEntry : LastBefore(metadata, i + 1), position);
        }
    }

    private static EntryId LastBefore(LedgerMetadata metadata, int segment)
    {
        var last = new EntryId(metadata.Segments[segment].First.Value - 1);
        return metadata.State == LedgerState.Closed && metadata.LastEntry < last ? metadata.LastEntry : last;
    }
}
