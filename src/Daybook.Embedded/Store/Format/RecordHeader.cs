using static System.Buffers.Binary.BinaryPrimitives;

namespace Daybook.Embedded.Store.Format;

/// <summary>The 40 bytes before each record's payload (docs/ledger-format.md, "Record").</summary>
/// <param name="Kind">The kind of the record.</param>
/// <param name="Ledger">The ledger it is about; 0 for none.</param>
/// <param name="Entry">The entry it is about: its id, or the last one of a ledger that is closed; −1 for none.</param>
/// <param name="PayloadLength">In bytes, without the padding to a multiple of 8.</param>
/// <param name="PayloadCrc">CRC-32C of the payload.</param>
/// <param name="DurableTo">Everything of this segment below this offset was durable before the record was written.</param>
internal readonly record struct RecordHeader(
    RecordKind Kind, long Ledger, long Entry, int PayloadLength, uint PayloadCrc, uint DurableTo)
{
    /// <summary>In bytes.</summary>
    public const int Size = 40;

    /// <summary>Bytes of the record with its padding.</summary>
    public long RecordSize => SizeOf(PayloadLength);

    public static long SizeOf(int payloadLength) => Size + Align(payloadLength);

    public static long Align(long length) => (length + 7) & ~7L;

    // 0 header CRC-32C | 4 payload length | 8 payload CRC-32C | 12 kind | 16 ledger | 24 entry | 32 durable to | 36 zero
    public void Write(Span<byte> to, in SegmentIdentity segment, long offset)
    {
        WriteInt32LittleEndian(to[4..], PayloadLength);
        WriteUInt32LittleEndian(to[8..], PayloadCrc);
        WriteUInt32LittleEndian(to[12..], (uint)Kind);
        WriteInt64LittleEndian(to[16..], Ledger);
        WriteInt64LittleEndian(to[24..], Entry);
        WriteUInt32LittleEndian(to[32..], DurableTo);
        WriteUInt32LittleEndian(to[36..], 0);
        WriteUInt32LittleEndian(to, Crc32C.Append(segment.SeedAt(offset), to[4..Size]));
    }

    /// <summary>False for bytes that are no header written for this place.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, in SegmentIdentity segment, long offset, out RecordHeader header)
    {
        header = default;
        if (from.Length < Size || ReadUInt32LittleEndian(from) != Crc32C.Append(segment.SeedAt(offset), from[4..Size]))
            return false;
        header = new RecordHeader(
            (RecordKind)ReadUInt32LittleEndian(from[12..]),
            ReadInt64LittleEndian(from[16..]),
            ReadInt64LittleEndian(from[24..]),
            ReadInt32LittleEndian(from[4..]),
            ReadUInt32LittleEndian(from[8..]),
            ReadUInt32LittleEndian(from[32..]));
        return header.PayloadLength >= 0;
    }
}
