namespace Daybook.BookKeeper;

/// <summary>How the copies that a lost bookie held are made again.</summary>
public sealed record ReplicationOptions
{
    /// <summary>
    /// True recovers ledgers that are not closed and whose last bookies the lost one is among: their writers are fenced. For bookies that are gone for good
    /// and writers that are known to be gone too. Default false: a writer that lives replaces the bookie itself with its next add.
    /// </summary>
    public bool RecoverOpenLedgers { get; init; }
}
