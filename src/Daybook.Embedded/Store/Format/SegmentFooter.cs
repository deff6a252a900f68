using static System.Buffers.Binary.BinaryPrimitives;

namespace Daybook.Embedded.Store.Format;

/// <summary>The entries of one ledger in one segment, which are dense.</summary>
/// <param name="Ledger">The ledger.</param>
/// <param name="First">The first entry.</param>
/// <param name="Count">How many.</param>
/// <param name="Table">Where in the footer's payload their <see cref="EntryPosition"/>s begin.</param>
/// <param name="Bytes">What their records take, padding included.</param>
internal readonly record struct FooterExtent(long Ledger, long First, int Count, uint Table, long Bytes);

/// <summary>The payload of a segment's last record: where its entries are (docs/ledger-format.md, "Footer").</summary>
internal static class SegmentFooter
{
    /// <summary>The last bytes of a sealed segment, which lead to its footer.</summary>
    public const int TrailerSize = 16;

    private const int FixedSize = 8;
    private const int ExtentSize = 32;
    private const uint Magic = 0x464B_4244; // "DBKF"

    /// <param name="extents">What to write; <see cref="FooterExtent.Table"/> is worked out here.</param>
    /// <param name="footerOffset">Where in the segment the footer record will begin.</param>
    public static byte[] ToBytes(IReadOnlyList<(FooterExtent Extent, IEnumerable<EntryPosition> Positions)> extents, long footerOffset)
    {
        var table = FixedSize + ExtentSize * extents.Count;
        var bytes = new byte[table + EntryPosition.Size * extents.Sum(each => each.Extent.Count) + TrailerSize];
        WriteInt32LittleEndian(bytes, extents.Count);
        for (var i = 0; i < extents.Count; i++)
        {
            var (extent, positions) = extents[i];
            WriteExtent(bytes.AsSpan(FixedSize + ExtentSize * i), extent with { Table = (uint)table });
            foreach (var position in positions)
            {
                position.Write(bytes.AsSpan(table));
                table += EntryPosition.Size;
            }
        }
        WriteTrailer(bytes.AsSpan(table), footerOffset);
        return bytes;
    }

    /// <summary>Where the footer record of a sealed segment begins; null for bytes that do not end one.</summary>
    public static long? FindFooter(ReadOnlySpan<byte> trailer) =>
        trailer.Length == TrailerSize
        && ReadUInt32LittleEndian(trailer[8..]) == Magic
        && ReadUInt32LittleEndian(trailer[12..]) == Crc32C.Compute(trailer[..12])
            ? ReadInt64LittleEndian(trailer)
            : null;

    /// <summary>Null for bytes that are no footer.</summary>
    public static IReadOnlyList<FooterExtent>? TryRead(ReadOnlySpan<byte> from)
    {
        if (from.Length < FixedSize + TrailerSize)
            return null;
        var count = ReadInt32LittleEndian(from);
        if (count < 0 || FixedSize + (long)ExtentSize * count + TrailerSize > from.Length)
            return null;
        var extents = new FooterExtent[count];
        for (var i = 0; i < count; i++)
        {
            extents[i] = ReadExtent(from[(FixedSize + ExtentSize * i)..]);
            if (extents[i].Count < 0 || extents[i].Table + (long)EntryPosition.Size * extents[i].Count > from.Length - TrailerSize)
                return null;
        }
        return extents;
    }

    // 0 ledger | 8 first entry | 16 count | 20 table | 24 bytes
    private static void WriteExtent(Span<byte> to, FooterExtent extent)
    {
        WriteInt64LittleEndian(to, extent.Ledger);
        WriteInt64LittleEndian(to[8..], extent.First);
        WriteInt32LittleEndian(to[16..], extent.Count);
        WriteUInt32LittleEndian(to[20..], extent.Table);
        WriteInt64LittleEndian(to[24..], extent.Bytes);
    }

    private static FooterExtent ReadExtent(ReadOnlySpan<byte> from) => new(
        ReadInt64LittleEndian(from), ReadInt64LittleEndian(from[8..]), ReadInt32LittleEndian(from[16..]),
        ReadUInt32LittleEndian(from[20..]), ReadInt64LittleEndian(from[24..]));

    // 0 footer record offset | 8 "DBKF" | 12 CRC-32C of the 12 bytes before
    private static void WriteTrailer(Span<byte> to, long footerOffset)
    {
        WriteInt64LittleEndian(to, footerOffset);
        WriteUInt32LittleEndian(to[8..], Magic);
        WriteUInt32LittleEndian(to[12..], Crc32C.Compute(to[..12]));
    }
}
