namespace Daybook.Core.Records;

/// <summary>Where a record stands: which ledger of the journal, which entry, which byte of it. 16 bytes, kept for every stream.</summary>
/// <param name="Ledger">The ledger.</param>
/// <param name="Entry">The entry; fits 32 bits because ledgers are rolled long before.</param>
/// <param name="Byte">The index of the record's length field in the entry.</param>
internal readonly record struct Location(LedgerId Ledger, uint Entry, int Byte)
{
    /// <summary>No record.</summary>
    public static Location None => default;

    /// <summary>True for <see cref="None"/>: byte 0 is always the entry header.</summary>
    public bool IsNone => Byte == 0;
}
