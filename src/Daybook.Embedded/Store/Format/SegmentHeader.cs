using static System.Buffers.Binary.BinaryPrimitives;

namespace Daybook.Embedded.Store.Format;

/// <summary>The first 64 bytes of a segment file (docs/ledger-format.md, "Segment").</summary>
internal static class SegmentHeader
{
    /// <summary>In bytes; the first record follows.</summary>
    public const int Size = 64;

    /// <summary>The version of segments that this program writes and reads.</summary>
    public const int Version = 1;

    private static ReadOnlySpan<byte> Magic => "DAYBOOKL"u8;

    // 0 "DAYBOOKL" | 8 version | 12 CRC-32C of the rest | 16 store id | 32 number | 40 zeros
    public static void Write(Span<byte> to, in SegmentIdentity segment)
    {
        to[..Size].Clear();
        Magic.CopyTo(to);
        WriteInt32LittleEndian(to[8..], Version);
        segment.Store.TryWriteBytes(to[16..]);
        WriteInt64LittleEndian(to[32..], segment.Number);
        WriteUInt32LittleEndian(to[12..], Checksum(to));
    }

    /// <summary>False for bytes that are not the header of this segment.</summary>
    public static bool Matches(ReadOnlySpan<byte> from, in SegmentIdentity segment) =>
        from.Length >= Size
        && from[..8].SequenceEqual(Magic)
        && ReadUInt32LittleEndian(from[12..]) == Checksum(from)
        && ReadInt32LittleEndian(from[8..]) == Version
        && new Guid(from.Slice(16, 16)) == segment.Store
        && ReadInt64LittleEndian(from[32..]) == segment.Number;

    private static uint Checksum(ReadOnlySpan<byte> header) => Crc32C.Append(Crc32C.Compute(header[..12]), header[16..Size]);
}
