namespace Daybook.BookKeeper.Metadata;

/// <summary>Where a ledger is in its life; it never goes back.</summary>
internal enum LedgerState
{
    Open = 1,
    InRecovery = 2,
    Closed = 3,
}
