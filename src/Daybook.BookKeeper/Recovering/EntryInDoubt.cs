using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Recovering;

/// <summary>One entry that a recovery looks for: all bookies of its write set are asked in parallel, so that a hung one holds nothing up
/// (invariant L7).</summary>
/// <param name="metadata">As the recovery began with them: a bookie that it put into the ensemble since cannot know what is missing
/// (invariant L9).</param>
/// <param name="entry">Which.</param>
/// <param name="digest">The ledger's digest.</param>
internal sealed class EntryInDoubt(LedgerMetadata metadata, EntryId entry, EntryDigest digest)
{
    private readonly WriteSet _copies = metadata.Sizes.WriteSetOf(entry);
    private EntrySearch _search = new(metadata.Sizes.WriteSetOf(entry), metadata.Sizes);
    private int _answers;

    public EntryId Entry => entry;

    /// <summary>What follows from the answers so far.</summary>
    public SearchVerdict Verdict => _search.Verdict;

    /// <summary>The entry, once a bookie gave it.</summary>
    public OpenedEntry? Found { get; private set; }

    /// <summary>True once nobody is left to answer.</summary>
    public bool IsExhausted => _answers == _copies.Count;

    /// <summary>Why a bookie did not answer; the last reason.</summary>
    public BookKeeperException? LastError { get; private set; }

    /// <summary>The reads to send.</summary>
    public IEnumerable<BookieRequest> Reads(ReadOptions options, ReadOnlyMemory<byte> masterKey)
    {
        var bookies = metadata.SegmentOf(entry).Bookies;
        for (var copy = 0; copy < _copies.Count; copy++)
            yield return new SendRead(bookies[_copies[copy]], _copies[copy], new ReadRequest(metadata.Ledger, entry, options, masterKey));
    }

    /// <summary>A bookie answered. A damaged or foreign entry is an error, never a negative (invariants L6, L17).</summary>
    public void Take(ReadAnswered answer)
    {
        _answers++;
        if (answer.Status is BookieStatus.NoEntry or BookieStatus.NoLedger)
            _search.Absent(answer.Position);
        else
            TryOpen(answer);
    }

    private void TryOpen(ReadAnswered answer)
    {
        try
        {
            if (answer.Status != BookieStatus.Ok)
                throw BookieErrors.Of(answer.Status, isWrite: false, metadata.Ledger, entry, answer.Bookie);
            Found = PackagedEntry.Open(answer.Response.Body, metadata.Ledger, entry, digest, answer.Bookie);
            _search.Found();
        }
        catch (BookKeeperException e)
        {
            LastError = e;
            _search.Failed(answer.Position);
        }
    }
}
