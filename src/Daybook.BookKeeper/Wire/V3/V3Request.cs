using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire.Proto;

namespace Daybook.BookKeeper.Wire.V3;

/// <summary>A v3 request as a bookie reads it.</summary>
/// <param name="Header">What is asked.</param>
/// <param name="Add">Present for adds.</param>
/// <param name="Read">Present for reads.</param>
/// <param name="Other">Present for everything else.</param>
internal readonly record struct V3Request(V3Header Header, AddRequest? Add, ReadRequest? Read, Request? Other)
{
    /// <summary>Reads the payload of a frame. Bodies are views of it.</summary>
    /// <exception cref="MalformedFrameException">It is no request, or lacks what its operation needs.</exception>
    public static V3Request Decode(ReadOnlyMemory<byte> frame)
    {
        var reader = new ProtoReader(frame);
        ReadOnlyMemory<byte>? head = null, read = null, add = null;
        for (var field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case 1: head = reader.Bytes(); break;
                case 100: read = reader.Bytes(); break;
                case 101: add = reader.Bytes(); break;
                default: reader.Skip(); break;
            }
        }
        var header = V3Header.Read(head ?? throw new MalformedFrameException("A request has no header."));
        return header.Operation switch
        {
            OperationType.AddEntry when add is { } message => new V3Request(header, DecodeAdd(message, header.IsHighPriority), null, null),
            OperationType.ReadEntry when read is { } message => new V3Request(header, null, DecodeRead(message, header.IsHighPriority), null),
            OperationType.AddEntry or OperationType.ReadEntry => throw new MalformedFrameException($"A request {header.Operation} has no body."),
            _ => new V3Request(header, null, null, Generated.Parse(Request.Parser, frame)),
        };
    }

    private static AddRequest DecodeAdd(ReadOnlyMemory<byte> message, bool isHighPriority)
    {
        var reader = new ProtoReader(message);
        (long? ledger, long? entry) = (null, null);
        ReadOnlyMemory<byte>? key = null, body = null;
        var options = isHighPriority ? AddOptions.HighPriority : AddOptions.None;
        for (var field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case 1: ledger = reader.Number(); break;
                case 2: entry = reader.Number(); break;
                case 3: key = reader.Bytes(); break;
                case 4: body = reader.Bytes(); break;
                case 5: options |= (reader.Number() & 1) != 0 ? AddOptions.DeferredSync : 0; break;
                case 100: options |= reader.Number() == 1 ? AddOptions.Recovery : 0; break;
                default: reader.Skip(); break;
            }
        }
        return ledger is { } l && entry is { } e && key is { } k && body is { } b
            ? new AddRequest(new LedgerId(l), new EntryId(e), k, new PackagedEntry(b, default), options)
            : throw new MalformedFrameException("An add lacks ledger, entry, key or body.");
    }

    private static ReadRequest DecodeRead(ReadOnlyMemory<byte> message, bool isHighPriority)
    {
        var reader = new ProtoReader(message);
        (long? ledger, long? entry, long? previous, long? timeout) = (null, null, null, null);
        ReadOnlyMemory<byte> key = default;
        var options = isHighPriority ? ReadOptions.HighPriority : ReadOptions.None;
        for (var field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case 1: ledger = reader.Number(); break;
                case 2: entry = reader.Number(); break;
                case 3: key = reader.Bytes(); break;
                case 4: previous = reader.Number(); break;
                case 5: timeout = reader.Number(); break;
                case 100: options |= reader.Number() switch { 1 => ReadOptions.Fence, 2 => ReadOptions.Piggyback, _ => 0 }; break;
                default: reader.Skip(); break;
            }
        }
        return ledger is { } l && entry is { } e
            ? new ReadRequest(new LedgerId(l), new EntryId(e), options, key, previous is { } lac ? new EntryId(lac) : null, timeout)
            : throw new MalformedFrameException("A read lacks ledger or entry.");
    }
}
