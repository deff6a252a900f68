using Daybook.Bookie.Serving;

namespace Daybook.Bookie.Storage;

/// <summary>A block under construction, in flight, or durable and not yet out of memory.</summary>
internal sealed class Block
{
    /// <summary>A block of many records is no longer than this, so that all begin within reach of a location. One large record has a block of its own.</summary>
    public const int TargetSize = 64 * 1024;

    /// <summary>What every block begins with: the format, and its version.</summary>
    public static ReadOnlySpan<byte> Prefix => "DBK\x01"u8;

    private byte[] _bytes = new byte[TargetSize];

    /// <summary>Set anew for each use of the object.</summary>
    public BlockId Id { get; private set; }

    /// <summary>Counts the blocks of this run; the order in which they become durable.</summary>
    public long Ordinal { get; private set; }

    public int Length { get; private set; }

    public bool IsEmpty => Length == Prefix.Length;

    public ReadOnlyMemory<byte> Data => _bytes.AsMemory(0, Length);

    /// <summary>What is to be said when the block is durable, or when it failed.</summary>
    public List<PendingReply> Replies { get; } = [];

    /// <summary>Adds among the replies, and bytes of them, that count as waiting.</summary>
    public (int Adds, long Bytes) Waiting { get; set; }

    public Task Written { get; set; } = Task.CompletedTask;

    public void Begin(BlockId id, long ordinal)
    {
        (Id, Ordinal, Length, Waiting) = (id, ordinal, Prefix.Length, default);
        Replies.Clear();
        if (_bytes.Length > TargetSize)
            _bytes = new byte[TargetSize];
        Prefix.CopyTo(_bytes);
    }

    /// <summary>Whether a record of that payload can go into this block.</summary>
    public bool Fits(int payload) => IsEmpty || Length + RecordHeader.Size + (long)payload <= TargetSize;

    /// <summary>Adds a record.</summary>
    /// <returns>Its payload in the block, and where it is.</returns>
    public RecordLocation Add(in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        var end = Length + RecordHeader.Size + payload.Length;
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, end);
        header.Write(_bytes.AsSpan(Length));
        payload.CopyTo(_bytes.AsSpan(Length + RecordHeader.Size));
        var location = new RecordLocation(Id, Length, payload.Length);
        Length = end;
        return location;
    }
}
