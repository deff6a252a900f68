namespace Daybook.Bookie.Storage;

/// <summary>Reads the records of a block.</summary>
internal static class BlockRecords
{
    public delegate void Visit(in RecordHeader header, ReadOnlySpan<byte> payload, RecordLocation at);

    /// <summary>Visits every record in order.</summary>
    /// <exception cref="InvalidDataException">The block has another format, or does not end at the end of a record.</exception>
    public static void ForEach(BlockId id, ReadOnlySpan<byte> block, Visit visit)
    {
        if (!block.StartsWith(Block.Prefix))
            throw new InvalidDataException($"Block {id.Number} of log {id.Log} has a format that this version does not support.");
        for (var at = Block.Prefix.Length; at < block.Length;)
        {
            if (!RecordHeader.TryRead(block[at..], out var header))
                throw new InvalidDataException($"Block {id.Number} of log {id.Log} has no record at {at}.");
            visit(header, block.Slice(at + RecordHeader.Size, header.Length), new RecordLocation(id, at, header.Length));
            at += RecordHeader.Size + header.Length;
        }
    }

    /// <summary>The payload of an entry in a block; false when the location holds something else.</summary>
    public static bool TryGetEntry(ReadOnlyMemory<byte> block, RecordLocation at, LedgerId ledger, EntryId entry, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (at.Offset >= block.Length || !RecordHeader.TryRead(block.Span[at.Offset..], out var header)
            || header.Kind != RecordKind.Entry || header.Ledger != ledger || header.Entry != entry || header.Length != at.Length)
            return false;
        payload = block.Slice(at.Offset + RecordHeader.Size, header.Length);
        return true;
    }
}
