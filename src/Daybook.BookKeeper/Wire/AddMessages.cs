using Daybook.BookKeeper.Digests;

namespace Daybook.BookKeeper.Wire;

/// <summary>How an add is to be carried out.</summary>
[Flags]
internal enum AddOptions
{
    None = 0,

    /// <summary>By a recovering client: also on a fenced ledger.</summary>
    Recovery = 1,

    /// <summary>Answered before it is on the device; a later force makes it so. v3 only.</summary>
    DeferredSync = 2,

    /// <summary>Ahead of ordinary requests.</summary>
    HighPriority = 4,
}

/// <summary>Adds an entry to a bookie.</summary>
/// <param name="Ledger">The ledger; the bookie believes the body, which must match.</param>
/// <param name="Entry">The entry; likewise.</param>
/// <param name="MasterKey">Of <see cref="LedgerKeys.Size"/> bytes.</param>
/// <param name="Body">The entry; when decoded, all of it is in <see cref="PackagedEntry.Head"/>.</param>
/// <param name="Options">How.</param>
internal readonly record struct AddRequest(LedgerId Ledger, EntryId Entry, ReadOnlyMemory<byte> MasterKey, PackagedEntry Body, AddOptions Options);

/// <summary>The answer to an add.</summary>
internal readonly record struct AddResponse(BookieStatus Status, LedgerId Ledger, EntryId Entry);
