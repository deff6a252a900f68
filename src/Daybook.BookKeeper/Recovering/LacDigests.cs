using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Digests;

namespace Daybook.BookKeeper.Recovering;

/// <summary>The LAC of what a bookie gave out, as far as digests cover it.</summary>
internal static class LacDigests
{
    /// <summary>The higher of the explicit LAC and the LAC of the highest entry; <see cref="EntryId.None"/> when the bookie has neither.</summary>
    /// <exception cref="BookKeeperException">As for <see cref="PackagedEntry.Open"/>.</exception>
    public static EntryId Of(in LacAnswer answer, LedgerId ledger, EntryDigest digest, BookieId bookie)
    {
        var entry = answer.LastEntry.IsEmpty ? EntryId.None : OfLastEntry(answer.LastEntry, ledger, digest, bookie);
        var written = answer.Lac.IsEmpty ? EntryId.None : LacPacket.Open(answer.Lac.Span, ledger, digest, bookie);
        return written > entry ? written : entry;
    }

    /// <summary>The LAC that an entry carries. No writer confirms an entry before it was sent; a copy that was made again carries the end of its segment, which the
    /// metadata state too.</summary>
    /// <exception cref="BookKeeperException">As for <see cref="PackagedEntry.Open"/>.</exception>
    public static EntryId OfLastEntry(ReadOnlyMemory<byte> body, LedgerId ledger, EntryDigest digest, BookieId bookie)
    {
        var header = PackagedEntry.Open(body, ledger, EntryId.None, digest, bookie).Header;
        return header.LastAddConfirmed < header.Entry ? header.LastAddConfirmed : new EntryId(header.Entry.Value - 1);
    }
}
