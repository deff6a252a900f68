using System.Buffers.Binary;

namespace Daybook.Core.Records;

/// <summary>Walks the records of one entry.</summary>
internal ref struct RecordCursor(ReadOnlySpan<byte> entry)
{
    private readonly ReadOnlySpan<byte> _entry = entry;
    private int _next = EntryFrame.HeaderBytes;

    /// <summary>Where the current record's length field stands in the entry.</summary>
    public int Start { get; private set; }

    public RecordKind Kind { get; private set; }

    /// <summary>Where <see cref="Body"/> begins in the entry.</summary>
    public readonly int BodyStart => Start + 5;

    /// <summary>The current record after its kind.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    public bool MoveNext()
    {
        if (_next == _entry.Length)
            return false;
        MoveTo(_next);
        return true;
    }

    /// <summary>Goes to the record at a known place.</summary>
    public void MoveTo(int start)
    {
        if (start < EntryFrame.HeaderBytes || start > _entry.Length - 5)
            throw new DaybookException(ErrorCode.Corrupted, $"No journal record stands at byte {start} of its entry.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(_entry[start..]);
        if (length < 1 || length > _entry.Length - start - 4)
            throw new DaybookException(ErrorCode.Corrupted, $"The journal record at byte {start} claims {length} bytes.");
        Start = start;
        Kind = (RecordKind)_entry[start + 4];
        Body = _entry.Slice(start + 5, length - 1);
        _next = start + 4 + length;
    }
}
