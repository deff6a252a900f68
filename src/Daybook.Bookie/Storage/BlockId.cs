namespace Daybook.Bookie.Storage;

/// <summary>A block: an entry of a log ledger, as one 48-bit number.</summary>
internal readonly record struct BlockId(ulong Value)
{
    /// <summary>The maximum number of blocks in a log ledger.</summary>
    public const int MaxBlocks = 1 << NumberBits;

    /// <summary>The maximum number of log ledgers in the lifetime of a bookie.</summary>
    public const long MaxLogs = 1L << 28;

    private const int NumberBits = 20;

    public BlockId(LedgerId log, long number)
        : this(((ulong)log.Value << NumberBits) | (ulong)number)
    {
    }

    public LedgerId Log => new((long)(Value >> NumberBits));

    public EntryId Number => new((long)(Value & (MaxBlocks - 1)));

    /// <summary>The block that follows in the same log.</summary>
    public BlockId Next => new(Value + 1);
}

/// <summary>The location of a record.</summary>
/// <param name="Packed">The block, and the offset within it in the lowest 16 bits: records begin in the first 64 KiB.</param>
/// <param name="Length">The bytes of the payload.</param>
internal readonly record struct RecordLocation(ulong Packed, int Length)
{
    public const int MaxOffset = ushort.MaxValue;

    public RecordLocation(BlockId block, int offset, int length)
        : this((block.Value << 16) | (uint)offset, length)
    {
    }

    public BlockId Block => new(Packed >> 16);

    public int Offset => (int)(Packed & MaxOffset);

    /// <summary>The size of the record in its log, in bytes.</summary>
    public long Bytes => RecordHeader.Size + (long)Length;
}
