using System.Buffers.Binary;

namespace Daybook.Embedded.Store.Format;

/// <summary>Which segment of which store. Goes into the checksum of every record together with the record's offset, so a record verifies only at
/// the place it was written for.</summary>
internal readonly struct SegmentIdentity
{
    private readonly uint _seed;

    public SegmentIdentity(Guid store, long number)
    {
        Span<byte> bytes = stackalloc byte[24];
        store.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], number);
        (Store, Number, _seed) = (store, number, Crc32C.Compute(bytes));
    }

    public Guid Store { get; }

    /// <summary>From 1.</summary>
    public long Number { get; }

    /// <summary>What the header checksum of a record at an offset starts from.</summary>
    public uint SeedAt(long offset)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, offset);
        return Crc32C.Append(_seed, bytes);
    }
}
