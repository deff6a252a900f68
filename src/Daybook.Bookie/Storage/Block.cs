using Daybook.Bookie.Serving;

namespace Daybook.Bookie.Storage;

/// <summary>A block under construction, in flight, or durable and still in memory.</summary>
internal sealed class Block
{
    /// <summary>The maximum size of a block of many records, so that a location can address all of them. A large record has its own
    /// block.</summary>
    public const int TargetSize = 64 * 1024;

    /// <summary>The prefix of every block: the format and its version.</summary>
    public static ReadOnlySpan<byte> Prefix => "DBK\x01"u8;

    private byte[] _bytes = new byte[TargetSize];

    /// <summary>Set again each time the object is reused.</summary>
    public BlockId Id { get; private set; }

    /// <summary>Numbers the blocks of this run, in the order in which they become durable.</summary>
    public long Ordinal { get; private set; }

    public int Length { get; private set; }

    public bool IsEmpty => Length == Prefix.Length;

    public ReadOnlyMemory<byte> Data => _bytes.AsMemory(0, Length);

    /// <summary>The answers to send when the block is durable, or when it failed.</summary>
    public List<PendingReply> Replies { get; } = [];

    /// <summary>The number and bytes of the adds among the replies, which count towards the limits of waiting adds.</summary>
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

    /// <summary>Whether a record with a payload of that size fits into this block.</summary>
    public bool Fits(int payload) => IsEmpty || Length + RecordHeader.Size + (long)payload <= TargetSize;

    /// <summary>Adds a record.</summary>
    /// <returns>Its payload in the block, and its location.</returns>
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
