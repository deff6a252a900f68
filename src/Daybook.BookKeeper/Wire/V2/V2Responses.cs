using System.Buffers;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V3;

namespace Daybook.BookKeeper.Wire.V2;

/// <summary>Writes and reads v2 responses; for AUTH see <see cref="V2Requests.WriteAuth"/>.</summary>
internal static class V2Responses
{
    private const int FixedSize = 20;

    public static void WriteAdd(IBufferWriter<byte> output, in AddResponse response)
    {
        var packet = Begin(output, V2Operation.Add, response.Status, response.Ledger, response.Entry, 0);
        packet.End();
    }

    public static void WriteRead(IBufferWriter<byte> output, in ReadResponse response)
    {
        var packet = Begin(output, V2Operation.Read, response.Status, response.Ledger, response.Entry, response.Body.Length);
        packet.Bytes(response.Body.Span);
        packet.End();
    }

    public static void WriteBatchRead(IBufferWriter<byte> output, BatchReadResponse response)
    {
        var size = 8 + response.Entries.Sum(entry => 4 + entry.Length);
        var packet = Begin(output, V2Operation.BatchRead, response.Status, response.Ledger, response.First, size);
        packet.Long(response.Request);
        foreach (var entry in response.Entries)
        {
            packet.Int(entry.Length);
            packet.Bytes(entry.Span);
        }
        packet.End();
    }

    /// <summary>Reads the payload of a frame. Bodies are views of it.</summary>
    /// <exception cref="MalformedFrameException">It is no response.</exception>
    public static V2Response Decode(ReadOnlyMemory<byte> frame)
    {
        var header = V2Header.Read(frame.Span);
        var reader = new PacketReader(frame[V2Header.Size..]);
        if (header.Operation == V2Operation.Auth)
            return new V2Response(Auth: Generated.Parse(AuthMessage.Parser, reader.Rest()));
        var status = V2Status.Of(reader.Int());
        var (ledger, entry) = (reader.Ledger(), reader.Entry());
        switch (header.Operation)
        {
            case V2Operation.Add:
                reader.End();
                return new V2Response(Add: new AddResponse(status, ledger, entry));
            case V2Operation.Read:
                return new V2Response(Read: new ReadResponse(status, ledger, entry, reader.Rest()));
            default:
                return new V2Response(BatchRead: DecodeBatch(ref reader, status, ledger, entry));
        }
    }

    private static BatchReadResponse DecodeBatch(ref PacketReader reader, BookieStatus status, LedgerId ledger, EntryId first)
    {
        var request = reader.Long();
        var entries = new List<ReadOnlyMemory<byte>>();
        while (reader.Remaining > 0)
        {
            var entry = reader.Take(reader.Int());
            entries.Add(entry.Length >= EntryHeader.Size ? entry : throw new MalformedFrameException($"A batch has an entry of {entry.Length} bytes."));
        }
        return new BatchReadResponse(status, ledger, first, request, entries);
    }

    private static PacketWriter Begin(IBufferWriter<byte> output, V2Operation operation, BookieStatus status, LedgerId ledger, EntryId entry, int more)
    {
        var packet = new PacketWriter(output, new V2Header(operation, V2Flags.None), FixedSize + more);
        packet.Int(V2Status.CodeOf(status));
        packet.Long(ledger.Value);
        packet.Long(entry.Value);
        return packet;
    }
}
