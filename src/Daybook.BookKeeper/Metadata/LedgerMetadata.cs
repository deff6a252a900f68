using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Daybook.BookKeeper.Metadata.Proto;
using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Metadata;

/// <summary>What ZooKeeper knows of a ledger. Immutable; every change is written by compare-and-set on the version that was read.</summary>
internal sealed record LedgerMetadata
{
    /// <summary>The ledger; it stands in the path, not in the value.</summary>
    public required LedgerId Ledger { get; init; }

    public required QuorumSizes Sizes { get; init; }

    public LedgerState State { get; init; } = LedgerState.Open;

    /// <summary>The last entry of a closed ledger, <see cref="EntryId.None"/> if that is empty or not closed.</summary>
    public EntryId LastEntry { get; init; } = EntryId.None;

    /// <summary>The bytes of all payloads of a closed ledger; 0 while it is not closed.</summary>
    public long Length { get; init; }

    /// <summary>At least one; first entries ascend from 0.</summary>
    public required ImmutableArray<EnsembleSegment> Segments { get; init; }

    /// <summary>Null in metadata of version 1, which lack it.</summary>
    public DigestType? Digest { get; init; }

    /// <summary>In the clear, as BookKeeper keeps it; null in metadata of version 1.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>When the ledger was created, in milliseconds since 1970, if its creator recorded it.</summary>
    public long? CreationTime { get; init; }

    /// <summary>What users attached when they created the ledger.</summary>
    public ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Custom { get; init; } =
        ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Random at creation, so that a creator knows its own node again (invariant L16); 0 from the first change on.</summary>
    public long CreationToken { get; init; }

    /// <summary>What was read, to be written back with all that this version does not understand; null for a ledger that was made here.</summary>
    public LedgerMetadataFormat? Source { get; init; }

    /// <summary>The segment that holds an entry.</summary>
    public EnsembleSegment SegmentOf(EntryId entry)
    {
        for (var i = Segments.Length - 1; i > 0; i--)
        {
            if (Segments[i].First <= entry)
                return Segments[i];
        }
        return Segments[0];
    }

    /// <summary>The last segment: where an open ledger is written.</summary>
    public EnsembleSegment Current => Segments[^1];

    /// <summary>A recovering client has begun.</summary>
    public LedgerMetadata InRecovery() => NotClosed() with { State = LedgerState.InRecovery, CreationToken = 0 };

    /// <summary>The ledger ends here, for ever.</summary>
    public LedgerMetadata Close(EntryId lastEntry, long length) =>
        Checked(NotClosed() with { State = LedgerState.Closed, LastEntry = lastEntry, Length = length, CreationToken = 0 });

    /// <summary>
    /// From an entry on, other bookies: a new segment, or the last one replaced if it starts there already (invariant L13). A segment with
    /// the bookies of the one before it is none: they are merged.
    /// </summary>
    public LedgerMetadata ChangeEnsemble(EntryId first, ImmutableArray<BookieId> bookies)
    {
        var kept = Current.First == first ? Segments.RemoveAt(Segments.Length - 1) : Segments;
        return Checked(NotClosed() with { Segments = Merged(kept.Add(new EnsembleSegment(first, bookies))), CreationToken = 0 });
    }

    /// <summary>Puts other bookies in the place of those of a segment that exists, as re-replication does, and merges it with neighbours that have the same ones.</summary>
    public LedgerMetadata ReplaceBookies(EntryId first, ImmutableArray<BookieId> bookies)
    {
        var index = Segments.ToList().FindIndex(segment => segment.First == first);
        return index < 0
            ? throw LedgerMetadataErrors.Bad(Ledger, $"there is no segment that starts at entry {first}")
            : Checked(this with { Segments = Merged(Segments.SetItem(index, new EnsembleSegment(first, bookies))), CreationToken = 0 });
    }

    /// <summary>The same, if it makes sense.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.BadMetadata"/>.</exception>
    public static LedgerMetadata Checked(LedgerMetadata metadata) =>
        LedgerMetadataErrors.ProblemOf(metadata) is { } problem ? throw LedgerMetadataErrors.Bad(metadata.Ledger, problem) : metadata;

    // Neither the password nor what was read, which holds it.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"{nameof(Ledger)} = {Ledger}, {nameof(Sizes)} = {Sizes}, {nameof(State)} = {State}");
        text.Append(CultureInfo.InvariantCulture, $", {nameof(LastEntry)} = {LastEntry}, {nameof(Length)} = {Length}");
        return true;
    }

    private static ImmutableArray<EnsembleSegment> Merged(ImmutableArray<EnsembleSegment> segments) =>
        [.. segments.Where((segment, i) => i == 0 || !segment.Bookies.SequenceEqual(segments[i - 1].Bookies))];

    private LedgerMetadata NotClosed() => State != LedgerState.Closed
        ? this
        : throw new BookKeeperException(BookKeeperError.LedgerClosed, $"it was closed at entry {LastEntry} and stays so", Ledger);
}
