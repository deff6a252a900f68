using System.Buffers.Binary;

namespace Daybook.Bookie.Storage;

/// <summary>The kind of a record in a block. The numbers are stored on disk.</summary>
internal enum RecordKind : uint
{
    /// <summary>A ledger exists; the payload is its master key.</summary>
    Ledger = 1,

    /// <summary>An entry as the client sent it.</summary>
    Entry = 2,

    /// <summary>The ledger is fenced.</summary>
    Fence = 3,

    /// <summary>The explicit LAC of a ledger as the client sent it.</summary>
    ExplicitLac = 4,

    /// <summary>The ledger was deleted, with all its entries.</summary>
    Deletion = 5,

    /// <summary>The existing ledgers follow, each with its key, its fence and its explicit LAC.</summary>
    SnapshotBegin = 6,

    /// <summary>All ledgers have been listed; others in older records are deleted.</summary>
    SnapshotEnd = 7,
}

/// <summary>The header before the payload of every record in a block; little-endian (docs/bookie.md).</summary>
/// <param name="Kind">The kind of the record.</param>
/// <param name="Generation">Distinguishes ledgers of one id: a ledger created again after its deletion has a higher generation.</param>
/// <param name="Length">The bytes of the payload.</param>
/// <param name="Ledger">The ledger, or 0.</param>
/// <param name="Entry">The entry, or 0.</param>
internal readonly record struct RecordHeader(RecordKind Kind, uint Generation, int Length, LedgerId Ledger, EntryId Entry)
{
    public const int Size = 28;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Generation);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(destination[12..], Ledger.Value);
        BinaryPrimitives.WriteInt64LittleEndian(destination[20..], Entry.Value);
    }

    /// <summary>Reads the record at the start of a span; false when there is no complete one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> block, out RecordHeader header)
    {
        header = default;
        if (block.Length < Size)
            return false;
        header = new RecordHeader(
            (RecordKind)BinaryPrimitives.ReadUInt32LittleEndian(block),
            BinaryPrimitives.ReadUInt32LittleEndian(block[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(block[8..]),
            new LedgerId(BinaryPrimitives.ReadInt64LittleEndian(block[12..])),
            new EntryId(BinaryPrimitives.ReadInt64LittleEndian(block[20..])));
        return header.Kind is >= RecordKind.Ledger and <= RecordKind.SnapshotEnd && header.Length >= 0 && header.Length <= block.Length - Size;
    }
}
