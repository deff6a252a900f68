using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Writing;

/// <summary>How the end of a writer is worded.</summary>
internal static class WriterErrors
{
    public static BookKeeperException Closed(LedgerId ledger) =>
        new(BookKeeperError.LedgerClosed, "it is closed and takes no more entries from this writer", ledger);

    /// <summary>Somebody else has recovered the ledger, or is about to.</summary>
    public static BookKeeperException TakenOver(LedgerMetadata now, EntryId last, long length) => new(
        BookKeeperError.LedgerFenced,
        now.State == LedgerState.Closed
            ? $"a later owner closed it at entry {now.LastEntry}, {now.Length} bytes; this writer had acknowledged up to entry {last}, {length} bytes"
            : "a later owner is recovering it; this writer must stop",
        now.Ledger);

    /// <summary>An entry that was under way when its writer died.</summary>
    public static DaybookException InFlight(LedgerId ledger, EntryId entry, BookKeeperException failure) => IsEnd(failure)
        ? new BookKeeperException(failure.Error, $"the entry was under way when its writer had to stop ({failure.Message})", ledger, entry, failure.Bookie, failure)
        : new InDoubtException(ErrorCode.StoreFailed,
            $"Entry {entry} of ledger {ledger} may have been written ({failure.Message}) Recover the ledger and read it again: that decides, for good.", failure);

    /// <summary>An entry that still waited in its writer when that died: no bookie was sent it.</summary>
    public static BookKeeperException Unsent(LedgerId ledger, EntryId entry, BookKeeperException failure) => new(
        Lasting(failure), $"the entry was not written: it still waited when its writer had to stop ({failure.Message})", ledger, entry, failure.Bookie, failure);

    /// <summary>An entry that came after its writer had died, or had been closed; nothing was written.</summary>
    public static BookKeeperException Refused(LedgerId ledger, BookKeeperException failure) =>
        new(Lasting(failure), $"this writer takes no more entries ({failure.Message})", ledger, bookie: failure.Bookie, inner: failure);

    /// <summary>A writer that died cannot close its ledger.</summary>
    public static BookKeeperException NotClosed(LedgerId ledger, BookKeeperException failure) => failure.IsTransient
        ? new(BookKeeperError.WriterFailed, $"this writer failed and did not close it; recover it ({failure.Message})", ledger, bookie: failure.Bookie, inner: failure)
        : failure;

    /// <summary>What killed a writer may pass; that the writer is dead does not, and a loop that tries again must end.</summary>
    private static BookKeeperError Lasting(BookKeeperException failure) => failure.IsTransient ? BookKeeperError.WriterFailed : failure.Error;

    /// <summary>True when another client has ended this writer; that error then states so itself, and that what was in flight is in doubt
    /// (invariant L14).</summary>
    private static bool IsEnd(BookKeeperException failure) =>
        failure.Error is BookKeeperError.LedgerFenced or BookKeeperError.Unauthorized or BookKeeperError.NoSuchLedgerMetadata;
}
