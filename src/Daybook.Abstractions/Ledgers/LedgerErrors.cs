namespace Daybook.Ledgers;

/// <summary>The errors of the ledger contract, worded once for every provider.</summary>
public static class LedgerErrors
{
    /// <summary>No ledger of that id exists, or no longer.</summary>
    public static DaybookException NoSuchLedger(LedgerId ledger) =>
        new(ErrorCode.NoSuchLedger, $"Ledger {ledger} does not exist, or was deleted.");

    /// <summary>The ledger ends before that entry.</summary>
    public static DaybookException NoSuchEntry(LedgerId ledger, EntryId entry, EntryId last) =>
        new(ErrorCode.NoSuchEntry, $"Ledger {ledger} has no entry {entry} that may be read; its last one is {last}.");

    /// <summary>A later owner fenced the ledger.</summary>
    public static DaybookException Fenced(LedgerId ledger) =>
        new(ErrorCode.LedgerFenced, $"Ledger {ledger} was fenced by a later owner; this writer must stop.");

    /// <summary>The ledger is closed, or this writer has let go of it.</summary>
    public static DaybookException Closed(LedgerId ledger) =>
        new(ErrorCode.LedgerClosed, $"Ledger {ledger} is closed and takes no more entries from this writer.");

    /// <summary>The entry is larger than the store takes.</summary>
    public static DaybookException TooLarge(LedgerId ledger, int bytes, int limit) =>
        new(ErrorCode.TooLarge, $"An entry of {bytes} bytes was appended to ledger {ledger}; the limit is {limit} bytes.");
}
