using System.Buffers;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V3;

namespace Daybook.BookKeeper.Wire.V2;

/// <summary>Writes and reads v2 requests. There is no request id: answers are matched by operation, ledger and entry.</summary>
internal static class V2Requests
{
    public static void WriteAdd(IBufferWriter<byte> output, in AddRequest request)
    {
        var flags = ((request.Options & AddOptions.Recovery) != 0 ? V2Flags.Recovery : 0)
            | ((request.Options & AddOptions.HighPriority) != 0 ? V2Flags.HighPriority : 0);
        var packet = new PacketWriter(output, new V2Header(V2Operation.Add, flags), LedgerKeys.Size + request.Body.Length);
        packet.Bytes(request.MasterKey.Span);
        packet.Bytes(request.Body.Head.Span);
        packet.Bytes(request.Body.Payload.Span);
        packet.End();
    }

    public static void WriteRead(IBufferWriter<byte> output, in ReadRequest request)
    {
        var fence = (request.Options & ReadOptions.Fence) != 0;
        var flags = (fence ? V2Flags.Fence : 0) | ((request.Options & ReadOptions.HighPriority) != 0 ? V2Flags.HighPriority : 0);
        var packet = new PacketWriter(output, new V2Header(V2Operation.Read, flags), 16 + (fence ? LedgerKeys.Size : 0));
        packet.Long(request.Ledger.Value);
        packet.Long(request.Entry.Value);
        if (fence)
            packet.Bytes(request.MasterKey.Span);
        packet.End();
    }

    public static void WriteBatchRead(IBufferWriter<byte> output, in BatchReadRequest request)
    {
        var flags = request.FencingKey.IsEmpty ? V2Flags.None : V2Flags.Fence;
        var packet = new PacketWriter(output, new V2Header(V2Operation.BatchRead, flags), 36 + request.FencingKey.Length);
        packet.Long(request.Ledger.Value);
        packet.Long(request.First.Value);
        packet.Long(request.Request);
        packet.Int(request.MaxCount);
        packet.Long(request.MaxBytes);
        packet.Bytes(request.FencingKey.Span);
        packet.End();
    }

    /// <summary>Writes an AUTH packet; request and answer look alike.</summary>
    public static void WriteAuth(IBufferWriter<byte> output, AuthMessage message)
    {
        var packet = new PacketWriter(output, new V2Header(V2Operation.Auth, V2Flags.None), message.CalculateSize());
        packet.Message(message);
        packet.End();
    }

    /// <summary>Reads the payload of a frame. Bodies are views of it.</summary>
    /// <exception cref="MalformedFrameException">It is no request.</exception>
    public static V2Request Decode(ReadOnlyMemory<byte> frame)
    {
        var header = V2Header.Read(frame.Span);
        var reader = new PacketReader(frame[V2Header.Size..]);
        var fence = (header.Flags & V2Flags.Fence) != 0;
        var first = (header.Flags & V2Flags.HighPriority) != 0;
        switch (header.Operation)
        {
            case V2Operation.Add:
                return new V2Request(Add: DecodeAdd(ref reader, header.Flags));
            case V2Operation.Read:
                var options = (fence ? ReadOptions.Fence : 0) | (first ? ReadOptions.HighPriority : 0);
                var read = new ReadRequest(reader.Ledger(), reader.Entry(), options, reader.Take(fence ? LedgerKeys.Size : 0));
                reader.End();
                return new V2Request(Read: read);
            case V2Operation.BatchRead:
                var batch = new BatchReadRequest(
                    reader.Ledger(), reader.Entry(), reader.Long(), reader.Int(), reader.Long(), reader.Take(fence ? LedgerKeys.Size : 0));
                reader.End();
                return new V2Request(BatchRead: batch);
            default:
                return new V2Request(Auth: Generated.Parse(AuthMessage.Parser, reader.Rest()));
        }
    }

    private static AddRequest DecodeAdd(ref PacketReader reader, V2Flags flags)
    {
        var key = reader.Take(LedgerKeys.Size);
        var body = reader.Rest();
        if (body.Length < EntryHeader.Size)
            throw new MalformedFrameException($"An add has a body of {body.Length} bytes.");
        var header = EntryHeader.Read(body.Span);
        var options = ((flags & V2Flags.Recovery) != 0 ? AddOptions.Recovery : 0) | ((flags & V2Flags.HighPriority) != 0 ? AddOptions.HighPriority : 0);
        return new AddRequest(header.Ledger, header.Entry, key, new PackagedEntry(body, default), options);
    }
}
