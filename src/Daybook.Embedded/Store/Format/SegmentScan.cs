namespace Daybook.Embedded.Store.Format;

/// <summary>A record and where it stands in its segment.</summary>
internal readonly record struct ScannedRecord(RecordHeader Header, long Offset)
{
    public long PayloadOffset => Offset + RecordHeader.Size;
}

/// <summary>
/// Walks over the records of a segment's bytes and distinguishes a torn tail from damage. Pure.
/// </summary>
/// <remarks>
/// The records of one group write reach the device in any order, so after a crash valid ones may follow a hole. What lies below the highest
/// <see cref="RecordHeader.DurableTo"/> found anywhere was flushed, though: a bad record there is damage; above it the tail is dropped.
/// </remarks>
internal ref struct SegmentScan(ReadOnlySpan<byte> bytes, SegmentIdentity segment)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next record begins, or the bad one once <see cref="TryRead"/> has returned false.</summary>
    public long Offset { get; private set; } = SegmentHeader.Size;

    /// <summary>False at the end of the valid records.</summary>
    public bool TryRead(out ScannedRecord record)
    {
        record = default;
        if (!TryReadHeader(Offset, out var header) || Offset + header.RecordSize > _bytes.Length)
            return false;
        record = new ScannedRecord(header, Offset);
        if (Crc32C.Compute(Payload(record)) != header.PayloadCrc)
            return false;
        Offset += header.RecordSize;
        return true;
    }

    public readonly ReadOnlySpan<byte> Payload(ScannedRecord record) =>
        _bytes.Slice((int)record.PayloadOffset, record.Header.PayloadLength);

    /// <summary>Whether a record further on proves that the bad one at <see cref="Offset"/> was once durable.</summary>
    public readonly bool IsDamaged()
    {
        for (var at = NextUsed(Offset + 8); at + RecordHeader.Size <= _bytes.Length; at = NextUsed(at + 8))
            if (TryReadHeader(at, out var header) && header.DurableTo > Offset)
                return true;
        return false;
    }

    /// <summary>The next place of a record at or after an offset that is not all zeros.</summary>
    private readonly long NextUsed(long offset)
    {
        var used = offset < _bytes.Length ? _bytes[(int)offset..].IndexOfAnyExcept((byte)0) : -1;
        return used < 0 ? _bytes.Length : (offset + used) & ~7L;
    }

    private readonly bool TryReadHeader(long offset, out RecordHeader header)
    {
        header = default;
        return offset + RecordHeader.Size <= _bytes.Length
            && RecordHeader.TryRead(_bytes[(int)offset..], segment, offset, out header);
    }
}
