using System.Text;

namespace Daybook.BookKeeper;

/// <summary>The one exception of the client. Names the ledger, entry and bookie that it concerns, where there is one.</summary>
public sealed class BookKeeperException : DaybookException
{
    /// <summary>States what went wrong.</summary>
    /// <param name="error">The code.</param>
    /// <param name="problem">A clause for people, without a full stop.</param>
    /// <param name="ledger">The ledger concerned, if any.</param>
    /// <param name="entry">The entry concerned, if any.</param>
    /// <param name="bookie">The bookie concerned, if any.</param>
    /// <param name="inner">What lies behind it.</param>
    public BookKeeperException(
        BookKeeperError error, string problem, LedgerId? ledger = null, EntryId? entry = null, BookieId? bookie = null, Exception? inner = null)
        : base(CodeOf(error), Sentence(error, problem, ledger, entry, bookie), inner) =>
        (Error, Ledger, Entry, Bookie) = (error, ledger, entry, bookie);

    /// <summary>The code; <see cref="DaybookException.Code"/> is the same in the words of the ledger contract.</summary>
    public BookKeeperError Error { get; }

    /// <summary>The ledger concerned, or null.</summary>
    public LedgerId? Ledger { get; }

    /// <summary>The entry concerned, or null; <see cref="EntryId.None"/> where the last entry was asked for.</summary>
    public EntryId? Entry { get; }

    /// <summary>The bookie concerned, or null when it is not one bookie's doing.</summary>
    public BookieId? Bookie { get; }

    private static ErrorCode CodeOf(BookKeeperError error) => error switch
    {
        BookKeeperError.LedgerFenced => ErrorCode.LedgerFenced,
        BookKeeperError.LedgerClosed or BookKeeperError.WriterFailed => ErrorCode.LedgerClosed,
        BookKeeperError.NoSuchLedger or BookKeeperError.NoSuchLedgerMetadata => ErrorCode.NoSuchLedger,
        BookKeeperError.NoSuchEntry => ErrorCode.NoSuchEntry,
        BookKeeperError.DigestMismatch or BookKeeperError.BadMetadata => ErrorCode.Corrupted,
        BookKeeperError.MetadataVersion => ErrorCode.VersionMismatch,
        BookKeeperError.TooManyRequests => ErrorCode.Overloaded,
        BookKeeperError.MetadataUnavailable or BookKeeperError.EntryUnavailable or BookKeeperError.NotEnoughBookies => ErrorCode.Unavailable,
        BookKeeperError.Closed => ErrorCode.Closed,
        BookKeeperError.LedgerExists => ErrorCode.InvalidArgument,
        BookKeeperError.IncorrectParameter or BookKeeperError.Unauthorized => ErrorCode.InvalidArgument,
        _ => ErrorCode.StoreFailed,
    };

    private static string Sentence(BookKeeperError error, string problem, LedgerId? ledger, EntryId? entry, BookieId? bookie)
    {
        var place = new StringBuilder();
        Name(place, "ledger", ledger?.ToString());
        Name(place, "entry", entry?.ToString());
        Name(place, "bookie", bookie?.ToString());
        return place.Length == 0 ? $"{error}: {problem}." : $"{error} at {place}: {problem}.";
    }

    private static void Name(StringBuilder place, string what, string? value)
    {
        if (value is not null)
            place.Append(place.Length == 0 ? "" : ", ").Append(what).Append(' ').Append(value);
    }
}
