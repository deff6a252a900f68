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

    /// <summary>The most that <see cref="ILedgerStore.CreateAsync"/> takes, in bytes.</summary>
    public const int MaxMetadataBytes = 1024;

    /// <summary>Checks the metadata of a ledger that is to be created.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.TooLarge"/>.</exception>
    public static void CheckMetadata(ReadOnlyMemory<byte> metadata)
    {
        if (metadata.Length > MaxMetadataBytes)
            throw new DaybookException(
                ErrorCode.TooLarge, $"The metadata of a new ledger has {metadata.Length} bytes; the limit is {MaxMetadataBytes} bytes.");
    }

    /// <summary>The entry is larger than the store takes.</summary>
    public static DaybookException TooLarge(LedgerId ledger, int bytes, int limit) =>
        new(ErrorCode.TooLarge, $"An entry of {bytes} bytes was appended to ledger {ledger}; the limit is {limit} bytes.");
}
