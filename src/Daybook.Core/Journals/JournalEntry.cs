using Daybook.Core.Records;

namespace Daybook.Core.Journals;

/// <summary>A verified entry of a journal.</summary>
/// <param name="Ledger">The ledger it stands in.</param>
/// <param name="Entry">Its ordinal there.</param>
/// <param name="Frame">Its frame.</param>
/// <param name="Data">All its bytes, the frame included.</param>
internal readonly record struct JournalEntry(LedgerId Ledger, uint Entry, EntryFrame Frame, ReadOnlyMemory<byte> Data);
