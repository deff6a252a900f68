using Daybook.BookKeeper.Wire.Proto;

namespace Daybook.BookKeeper.Wire.V2;

/// <summary>Reads consecutive entries of a ledger.</summary>
/// <param name="Ledger">The ledger.</param>
/// <param name="First">The first entry; the answer ends before the first one that the bookie lacks.</param>
/// <param name="Request">Chosen by the client, brought back by the answer.</param>
/// <param name="MaxCount">The most entries; 0 or less for no limit.</param>
/// <param name="MaxBytes">The most bytes; one entry is always let through, however large.</param>
/// <param name="FencingKey">The master key if the ledger is to be fenced first; else empty.</param>
internal readonly record struct BatchReadRequest(
    LedgerId Ledger, EntryId First, long Request, int MaxCount, long MaxBytes, ReadOnlyMemory<byte> FencingKey = default);

/// <summary>The answer to a batch read: entries as stored, each to be checked.</summary>
internal sealed record BatchReadResponse(
    BookieStatus Status, LedgerId Ledger, EntryId First, long Request, IReadOnlyList<ReadOnlyMemory<byte>> Entries);

/// <summary>A v2 request as a bookie reads it; one of the four is present.</summary>
internal readonly record struct V2Request(AddRequest? Add = null, ReadRequest? Read = null, BatchReadRequest? BatchRead = null, AuthMessage? Auth = null);

/// <summary>A v2 response as a client reads it; one of the four is present.</summary>
internal readonly record struct V2Response(AddResponse? Add = null, ReadResponse? Read = null, BatchReadResponse? BatchRead = null, AuthMessage? Auth = null);
