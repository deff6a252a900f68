using System.Buffers.Binary;

namespace Daybook.Bookie.Storage;

/// <summary>What a record in a block says. The numbers are on disk.</summary>
internal enum RecordKind : uint
{
    /// <summary>A ledger exists; the payload is its master key.</summary>
    Ledger = 1,

    /// <summary>An entry as the client packaged it.</summary>
    Entry = 2,

    /// <summary>The ledger is fenced.</summary>
    Fence = 3,

    /// <summary>The explicit LAC of a ledger as the client packaged it.</summary>
    ExplicitLac = 4,

    /// <summary>The ledger is gone, with all its entries.</summary>
    Deletion = 5,

    /// <summary>The ledgers there are follow, each with its key, its fence and its explicit LAC.</summary>
    SnapshotBegin = 6,

    /// <summary>All ledgers were listed; others that older records speak of are gone.</summary>
    SnapshotEnd = 7,
}

/// <summary>What stands before the payload of every record in a block; little-endian (docs/bookie.md).</summary>
/// <param name="Kind">What the record says.</param>
/// <param name="Generation">Which ledger of that id is meant: a ledger that was deleted and came again has a higher one.</param>
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

    /// <summary>Reads the record that begins a span; false when there is none that fits.</summary>
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
