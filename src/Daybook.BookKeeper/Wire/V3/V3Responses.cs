using System.Buffers;
using System.Buffers.Binary;

namespace Daybook.BookKeeper.Wire.V3;

/// <summary>Writes the v3 responses to adds and reads with their length prefix, as a bookie does; for all else see <see cref="V3Requests.Write"/>.</summary>
internal static class V3Responses
{
    private const int ReadField = 100;
    private const int AddField = 101;

    public static void WriteAdd(IBufferWriter<byte> output, V3Header header, in AddResponse response)
    {
        var size = ProtoWriter.SizeOfNumber(1, (long)response.Status) + ProtoWriter.SizeOfNumber(2, response.Ledger.Value)
            + ProtoWriter.SizeOfNumber(3, response.Entry.Value);
        var length = Begin(output, header, response.Status, AddField, size, out var writer);
        writer.Number(1, (long)response.Status);
        writer.Number(2, response.Ledger.Value);
        writer.Number(3, response.Entry.Value);
        output.Advance(length);
    }

    public static void WriteRead(IBufferWriter<byte> output, V3Header header, in ReadResponse response)
    {
        var size = ProtoWriter.SizeOfNumber(1, (long)response.Status) + ProtoWriter.SizeOfNumber(2, response.Ledger.Value)
            + ProtoWriter.SizeOfNumber(3, response.Entry.Value)
            + (response.Body.IsEmpty ? 0 : ProtoWriter.SizeOfBytes(4, response.Body.Length))
            + (response.MaxLac is { } lac ? ProtoWriter.SizeOfNumber(5, lac.Value) : 0)
            + (response.LacUpdated is { } time ? ProtoWriter.SizeOfNumber(6, time) : 0);
        var length = Begin(output, header, response.Status, ReadField, size, out var writer);
        writer.Number(1, (long)response.Status);
        writer.Number(2, response.Ledger.Value);
        writer.Number(3, response.Entry.Value);
        if (!response.Body.IsEmpty)
            writer.Bytes(4, response.Body.Span);
        if (response.MaxLac is { } maxLac)
            writer.Number(5, maxLac.Value);
        if (response.LacUpdated is { } updated)
            writer.Number(6, updated);
        output.Advance(length);
    }

    private static int Begin(IBufferWriter<byte> output, V3Header header, BookieStatus status, int field, int size, out ProtoWriter writer)
    {
        // Apache answers in its own version, regardless of the request's.
        header = new V3Header(header.Operation, header.Transaction);
        var payload = ProtoWriter.SizeOfBytes(1, header.Size) + ProtoWriter.SizeOfNumber(2, (long)status) + ProtoWriter.SizeOfBytes(field, size);
        var span = output.GetSpan(Frames.PrefixSize + payload);
        BinaryPrimitives.WriteInt32BigEndian(span, payload);
        writer = new ProtoWriter(span[Frames.PrefixSize..]);
        header.Write(ref writer);
        writer.Number(2, (long)status);
        writer.Length(field, size);
        return Frames.PrefixSize + payload;
    }
}
