namespace Daybook.BookKeeper.Reading;

/// <summary>
/// What the bookies of a write set answered for an entry that must be there, when none of them gave it. An acknowledged entry is never reported as
/// missing, for any answers: that would look like the end of the ledger.
/// </summary>
internal sealed class CopyReports(LedgerId ledger, EntryId entry)
{
    private readonly List<BookKeeperException> _reports = [];

    public int Count => _reports.Count;

    /// <summary>A bookie did not give the entry, or gave it damaged.</summary>
    public void Add(BookKeeperException problem) => _reports.Add(problem);

    /// <summary>One error for all of them, damage before anything else.</summary>
    public BookKeeperException ToException()
    {
        var worst = _reports.MinBy(report => (Severity(report.Error), _reports.IndexOf(report)))!;
        var reports = string.Join("; ", _reports.Select(report => $"{report.Bookie}: {report.Error}"));
        var isLost = _reports.TrueForAll(report => IsNegative(report.Error));
        return new BookKeeperException(
            ErrorOf(worst.Error),
            isLost ? $"it was acknowledged, but every bookie of its write set lacks it ({reports})" : $"no bookie of its write set returned it ({reports})",
            ledger, entry, _reports.Count == 1 || Severity(worst.Error) < 2 ? worst.Bookie : null, worst);
    }

    private static int Severity(BookKeeperError error) => error switch
    {
        BookKeeperError.DigestMismatch => 0,
        BookKeeperError.ProtocolViolation => 1,
        BookKeeperError.BookieUnavailable or BookKeeperError.Timeout or BookKeeperError.TooManyRequests => 2,
        _ when IsNegative(error) => 4,
        _ => 3,
    };

    private static BookKeeperError ErrorOf(BookKeeperError worst) => worst switch
    {
        BookKeeperError.BookieUnavailable or BookKeeperError.Timeout or BookKeeperError.TooManyRequests => BookKeeperError.EntryUnavailable,
        _ when IsNegative(worst) => BookKeeperError.ReadFailed,
        _ => worst,
    };

    private static bool IsNegative(BookKeeperError error) => error is BookKeeperError.NoSuchEntry or BookKeeperError.NoSuchLedger;
}
