using Daybook.Embedded.Store.Format;

namespace Daybook.Embedded.Store;

/// <summary>A sealed segment as found on opening: what its footer lists.</summary>
internal sealed record SealedSegment(Segment Segment, IReadOnlyList<FooterExtent> Extents, long PayloadOffset)
{
    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/> when header or footer are damaged.</exception>
    public static SealedSegment Open(SegmentFiles files, long number)
    {
        var path = files.PathOf(number);
        var file = files.FileSystem.OpenRead(path);
        try
        {
            return Read(new Segment(files.IdentityOf(number), path, file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SealedSegment Read(Segment segment)
    {
        Span<byte> header = stackalloc byte[SegmentHeader.Size];
        if (segment.File.Read(0, header) < header.Length || !SegmentHeader.Matches(header, segment.Identity))
            throw StoreErrors.Damaged(segment.Path, 0, "the header of the segment does not verify");
        var length = segment.File.Length;
        Span<byte> trailer = stackalloc byte[SegmentFooter.TrailerSize];
        if (length < SegmentHeader.Size + RecordHeader.Size + trailer.Length
            || segment.File.Read(length - trailer.Length, trailer) < trailer.Length
            || SegmentFooter.FindFooter(trailer) is not { } offset
            || offset < SegmentHeader.Size || offset > length - RecordHeader.Size)
            throw StoreErrors.Damaged(segment.Path, length, "a sealed segment does not end in a trailer");
        segment.TotalBytes = offset - SegmentHeader.Size;
        return new SealedSegment(segment, ReadFooter(segment, offset, length), offset + RecordHeader.Size);
    }

    private static IReadOnlyList<FooterExtent> ReadFooter(Segment segment, long offset, long length)
    {
        var record = new byte[length - offset];
        var read = segment.File.Read(offset, record);
        var payload = record.AsSpan(RecordHeader.Size);
        if (read == record.Length
            && RecordHeader.TryRead(record, segment.Identity, offset, out var header)
            && header.Kind == RecordKind.Footer
            && header.PayloadLength == payload.Length
            && header.PayloadCrc == Crc32C.Compute(payload)
            && SegmentFooter.TryRead(payload) is { } extents)
            return extents;
        throw StoreErrors.Damaged(segment.Path, offset, "the footer does not verify");
    }
}
