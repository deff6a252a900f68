namespace Daybook.BookKeeper;

/// <summary>What became of the copies that a lost bookie held.</summary>
/// <param name="Lost">The bookie.</param>
/// <param name="Ledgers">How many ledgers named it.</param>
/// <param name="Fragments">How many runs of entries have another bookie in its place now.</param>
/// <param name="Entries">How many entries were copied for them.</param>
/// <param name="LeftToWriters">Ledgers that are not closed and still name it among their last bookies; see <see cref="ReplicationOptions.RecoverOpenLedgers"/>.</param>
/// <param name="Failures">What could not be done and still names the lost bookie; another run tries it again.</param>
public sealed record ReplicationReport(
    BookieId Lost,
    int Ledgers,
    int Fragments,
    long Entries,
    IReadOnlyList<LedgerId> LeftToWriters,
    IReadOnlyList<ReplicationFailure> Failures)
{
    /// <summary>True when no ledger names the lost bookie any more.</summary>
    public bool IsComplete => LeftToWriters is { Count: 0 } && Failures is { Count: 0 };
}

/// <summary>Copies of one ledger that could not be made again.</summary>
/// <param name="Ledger">The ledger.</param>
/// <param name="FirstEntry">Where its fragment begins; null when it is the whole ledger that could not be handled.</param>
/// <param name="Error">Why; names the entry that nobody gave, or the bookie that took none.</param>
public sealed record ReplicationFailure(LedgerId Ledger, EntryId? FirstEntry, BookKeeperException Error);
