using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Errors;

/// <summary>What a bookie's status means to the caller.</summary>
internal static class BookieErrors
{
    /// <summary>The exception for a status other than <see cref="BookieStatus.Ok"/>.</summary>
    /// <param name="status">What the bookie answered, or why it did not.</param>
    /// <param name="isWrite">True for adds: a status without a meaning of its own is then a failed write.</param>
    /// <param name="ledger">The ledger asked for.</param>
    /// <param name="entry">The entry asked for, if one was.</param>
    /// <param name="bookie">The bookie that answered.</param>
    public static BookKeeperException Of(BookieStatus status, bool isWrite, LedgerId ledger, EntryId? entry, BookieId bookie) =>
        new(ErrorOf(status, isWrite), ProblemOf(status), ledger, entry, bookie);

    private static string ProblemOf(BookieStatus status) => status switch
    {
        BookieStatus.Unreachable => "the bookie could not be reached, or the connection broke before it answered",
        BookieStatus.TimedOut => "the bookie did not answer in time",
        BookieStatus.Malformed => "the bookie sent what is no answer",
        BookieStatus.Congested => "more bytes wait for the bookie than are allowed",
        _ => $"the bookie answered {status}",
    };

    public static BookKeeperError ErrorOf(BookieStatus status, bool isWrite) => status switch
    {
        BookieStatus.Unreachable => BookKeeperError.BookieUnavailable,
        BookieStatus.TimedOut => BookKeeperError.Timeout,
        BookieStatus.Malformed => BookKeeperError.ProtocolViolation,
        BookieStatus.Congested => BookKeeperError.TooManyRequests,
        BookieStatus.NoLedger => BookKeeperError.NoSuchLedger,
        BookieStatus.NoEntry => BookKeeperError.NoSuchEntry,
        BookieStatus.Unauthorized => BookKeeperError.Unauthorized,
        BookieStatus.BadVersion => BookKeeperError.ProtocolVersion,
        BookieStatus.Fenced => BookKeeperError.LedgerFenced,
        BookieStatus.ReadOnly => BookKeeperError.ReadOnly,
        BookieStatus.TooManyRequests => BookKeeperError.TooManyRequests,
        BookieStatus.UnknownLedgerState => BookKeeperError.UnknownLedgerState,
        _ => isWrite ? BookKeeperError.WriteFailed : BookKeeperError.ReadFailed,
    };
}
