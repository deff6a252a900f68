using Daybook.BookKeeper.Wire.Proto;

namespace Daybook.BookKeeper.Wire.V3;

/// <summary>A v3 response as a client reads it.</summary>
/// <param name="Header">What was asked.</param>
/// <param name="Status">The outcome: the outer status, or when that is good, the inner one.</param>
/// <param name="Add">Present for adds that were looked at.</param>
/// <param name="Read">Present for reads that were looked at.</param>
/// <param name="Other">Present for everything else; its parts are absent when the request was refused outright.</param>
internal readonly record struct V3Response(V3Header Header, BookieStatus Status, AddResponse? Add, ReadResponse? Read, Response? Other)
{
    /// <summary>Reads the payload of a frame. Bodies are views of it.</summary>
    /// <exception cref="MalformedFrameException">It is no response, or a good one without what its operation promises.</exception>
    public static V3Response Decode(ReadOnlyMemory<byte> frame)
    {
        var reader = new ProtoReader(frame);
        ReadOnlyMemory<byte>? head = null, read = null, add = null;
        BookieStatus? status = null;
        for (var field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case 1: head = reader.Bytes(); break;
                case 2: status = (BookieStatus)reader.Number(); break;
                case 100: read = reader.Bytes(); break;
                case 101: add = reader.Bytes(); break;
                default: reader.Skip(); break;
            }
        }
        var header = V3Header.Read(head ?? throw new MalformedFrameException("A response has no header."));
        var outer = status ?? throw new MalformedFrameException("A response has no status.");
        return header.Operation switch
        {
            OperationType.AddEntry => OfAdd(header, outer, add),
            OperationType.ReadEntry => OfRead(header, outer, read),
            _ => OfOther(header, outer, Generated.Parse(Response.Parser, frame)),
        };
    }

    private static V3Response OfAdd(V3Header header, BookieStatus outer, ReadOnlyMemory<byte>? message)
    {
        AddResponse? inner = message is { } bytes ? DecodeAdd(bytes) : null;
        return new V3Response(header, Effective(header, outer, inner?.Status), inner, null, null);
    }

    private static V3Response OfRead(V3Header header, BookieStatus outer, ReadOnlyMemory<byte>? message)
    {
        ReadResponse? inner = message is { } bytes ? DecodeRead(bytes) : null;
        return new V3Response(header, Effective(header, outer, inner?.Status), null, inner, null);
    }

    private static V3Response OfOther(V3Header header, BookieStatus outer, Response response)
    {
        StatusCode? inner = header.Operation switch
        {
            OperationType.WriteLac => response.WriteLacResponse?.Status,
            OperationType.ReadLac => response.ReadLacResponse?.Status,
            OperationType.GetBookieInfo => response.GetBookieInfoResponse?.Status,
            OperationType.ForceLedger => response.ForceLedgerResponse?.Status,
            OperationType.GetListOfEntriesOfLedger => response.GetListOfEntriesOfLedgerResponse?.Status,
            OperationType.Auth when response.AuthResponse is null => null,
            _ => StatusCode.Eok,
        };
        return new V3Response(header, Effective(header, outer, (BookieStatus?)inner), null, null, response);
    }

    private static BookieStatus Effective(V3Header header, BookieStatus outer, BookieStatus? inner) =>
        outer != BookieStatus.Ok ? outer : inner ?? throw new MalformedFrameException($"A good answer to {header.Operation} is empty.");

    private static AddResponse DecodeAdd(ReadOnlyMemory<byte> message)
    {
        var reader = new ProtoReader(message);
        (long? status, long? ledger, long? entry) = (null, null, null);
        for (var field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case 1: status = reader.Number(); break;
                case 2: ledger = reader.Number(); break;
                case 3: entry = reader.Number(); break;
                default: reader.Skip(); break;
            }
        }
        return status is { } s && ledger is { } l && entry is { } e
            ? new AddResponse((BookieStatus)s, new LedgerId(l), new EntryId(e))
            : throw new MalformedFrameException("An answer to an add lacks status, ledger or entry.");
    }

    private static ReadResponse DecodeRead(ReadOnlyMemory<byte> message)
    {
        var reader = new ProtoReader(message);
        (long? status, long? ledger, long? entry, long? maxLac, long? updated) = (null, null, null, null, null);
        ReadOnlyMemory<byte> body = default;
        for (var field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case 1: status = reader.Number(); break;
                case 2: ledger = reader.Number(); break;
                case 3: entry = reader.Number(); break;
                case 4: body = reader.Bytes(); break;
                case 5: maxLac = reader.Number(); break;
                case 6: updated = reader.Number(); break;
                default: reader.Skip(); break;
            }
        }
        return status is { } s && ledger is { } l && entry is { } e
            ? new ReadResponse((BookieStatus)s, new LedgerId(l), new EntryId(e), body, maxLac is { } lac ? new EntryId(lac) : null, updated)
            : throw new MalformedFrameException("An answer to a read lacks status, ledger or entry.");
    }
}
