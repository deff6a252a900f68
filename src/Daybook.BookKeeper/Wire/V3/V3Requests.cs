using System.Buffers;
using System.Buffers.Binary;
using Daybook.BookKeeper.Wire.Proto;
using Google.Protobuf;

namespace Daybook.BookKeeper.Wire.V3;

/// <summary>
/// Writes v3 requests with their length prefix. Adds and reads are written by hand, in one pass and without a copy of the body; all else is rare
/// and left to the generated types.
/// </summary>
internal static class V3Requests
{
    private const int ReadField = 100;
    private const int AddField = 101;
    private const int FlagField = 100;

    public static void WriteAdd(IBufferWriter<byte> output, ulong transaction, in AddRequest request)
    {
        var header = new V3Header(OperationType.AddEntry, transaction, (request.Options & AddOptions.HighPriority) != 0);
        var isRecovery = (request.Options & AddOptions.Recovery) != 0;
        var isDeferred = (request.Options & AddOptions.DeferredSync) != 0;
        var size = (isRecovery ? ProtoWriter.SizeOfNumber(FlagField, 1) : 0)
            + ProtoWriter.SizeOfNumber(1, request.Ledger.Value) + ProtoWriter.SizeOfNumber(2, request.Entry.Value)
            + ProtoWriter.SizeOfBytes(3, request.MasterKey.Length) + (isDeferred ? ProtoWriter.SizeOfNumber(5, 1) : 0)
            + ProtoWriter.SizeOfBytes(4, request.Body.Length);
        var span = Begin(output, header, AddField, size, out var writer);
        if (isRecovery)
            writer.Number(FlagField, 1);
        writer.Number(1, request.Ledger.Value);
        writer.Number(2, request.Entry.Value);
        writer.Bytes(3, request.MasterKey.Span);
        if (isDeferred)
            writer.Number(5, 1);
        writer.Length(4, request.Body.Length);
        writer.Raw(request.Body.Head.Span);
        writer.Raw(request.Body.Payload.Span);
        output.Advance(span);
    }

    public static void WriteRead(IBufferWriter<byte> output, ulong transaction, in ReadRequest request)
    {
        var header = new V3Header(OperationType.ReadEntry, transaction, (request.Options & ReadOptions.HighPriority) != 0);
        var flag = (request.Options & ReadOptions.Fence) != 0 ? 1 : (request.Options & ReadOptions.Piggyback) != 0 ? 2 : 0;
        var size = ProtoWriter.SizeOfNumber(1, request.Ledger.Value) + ProtoWriter.SizeOfNumber(2, request.Entry.Value)
            + (request.MasterKey.IsEmpty ? 0 : ProtoWriter.SizeOfBytes(3, request.MasterKey.Length))
            + (request.PreviousLac is { } lac ? ProtoWriter.SizeOfNumber(4, lac.Value) : 0)
            + (request.Timeout is { } timeout ? ProtoWriter.SizeOfNumber(5, timeout) : 0)
            + (flag == 0 ? 0 : ProtoWriter.SizeOfNumber(FlagField, flag));
        var span = Begin(output, header, ReadField, size, out var writer);
        writer.Number(1, request.Ledger.Value);
        writer.Number(2, request.Entry.Value);
        if (!request.MasterKey.IsEmpty)
            writer.Bytes(3, request.MasterKey.Span);
        if (request.PreviousLac is { } previous)
            writer.Number(4, previous.Value);
        if (request.Timeout is { } milliseconds)
            writer.Number(5, milliseconds);
        if (flag != 0)
            writer.Number(FlagField, flag);
        output.Advance(span);
    }

    /// <summary>Writes a request or a response of the generated types.</summary>
    public static void Write(IBufferWriter<byte> output, IMessage message)
    {
        var size = message.CalculateSize();
        var span = output.GetSpan(Frames.PrefixSize + size)[..(Frames.PrefixSize + size)];
        BinaryPrimitives.WriteInt32BigEndian(span, size);
        message.WriteTo(span[Frames.PrefixSize..]);
        output.Advance(span.Length);
    }

    /// <summary>Writes the prefix, the header and the beginning of the one field that follows; returns the length of the whole.</summary>
    private static int Begin(IBufferWriter<byte> output, V3Header header, int field, int size, out ProtoWriter writer)
    {
        var payload = ProtoWriter.SizeOfBytes(1, header.Size) + ProtoWriter.SizeOfBytes(field, size);
        var span = output.GetSpan(Frames.PrefixSize + payload);
        BinaryPrimitives.WriteInt32BigEndian(span, payload);
        writer = new ProtoWriter(span[Frames.PrefixSize..]);
        header.Write(ref writer);
        writer.Length(field, size);
        return Frames.PrefixSize + payload;
    }
}
