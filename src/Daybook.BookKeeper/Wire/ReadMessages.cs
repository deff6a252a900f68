using Daybook.BookKeeper.Digests;

namespace Daybook.BookKeeper.Wire;

/// <summary>How a read is to be carried out.</summary>
[Flags]
internal enum ReadOptions
{
    None = 0,

    /// <summary>Fences the ledger on this bookie first, for ever. Needs the master key.</summary>
    Fence = 1,

    /// <summary>A long poll that brings the next entry along; the entry asked for must then be <see cref="EntryId.None"/>. v3 only.</summary>
    Piggyback = 2,

    /// <summary>Ahead of ordinary requests.</summary>
    HighPriority = 4,
}

/// <summary>Reads an entry from a bookie.</summary>
/// <param name="Ledger">The ledger.</param>
/// <param name="Entry">The entry, or <see cref="EntryId.None"/> for the highest one stored there.</param>
/// <param name="Options">How.</param>
/// <param name="MasterKey">Empty, except for fencing reads.</param>
/// <param name="PreviousLac">Makes it a long poll: answered once the bookie's LAC is higher. v3 only.</param>
/// <param name="Timeout">How long a long poll may wait, in milliseconds. v3 only.</param>
internal readonly record struct ReadRequest(
    LedgerId Ledger,
    EntryId Entry,
    ReadOptions Options = ReadOptions.None,
    ReadOnlyMemory<byte> MasterKey = default,
    EntryId? PreviousLac = null,
    long? Timeout = null);

/// <summary>The answer to a read.</summary>
/// <param name="Status">Whether there is a body.</param>
/// <param name="Ledger">As asked for.</param>
/// <param name="Entry">As asked for, or the entry that a long poll brought along.</param>
/// <param name="Body">The entry as stored, to be checked by <see cref="PackagedEntry.Open"/>; empty when there is none.</param>
/// <param name="MaxLac">What the bookie knows of the LAC. v3 only.</param>
/// <param name="LacUpdated">When it came to know, in milliseconds since 1970. Long polls only.</param>
internal readonly record struct ReadResponse(
    BookieStatus Status, LedgerId Ledger, EntryId Entry, ReadOnlyMemory<byte> Body = default, EntryId? MaxLac = null, long? LacUpdated = null);
