namespace Daybook.Ledgers;

/// <summary>An entry as read and verified.</summary>
/// <param name="Id">Its ordinal.</param>
/// <param name="Data">Its bytes; they stay valid as long as they are referenced.</param>
public readonly record struct LedgerEntry(EntryId Id, ReadOnlyMemory<byte> Data);
