using Daybook.Embedded.Store.Format;
using Daybook.Ledgers;

namespace Daybook.Embedded.Store.Reading;

/// <summary>Reads entries from segment files in few large reads, and verifies each. Blocks.</summary>
internal static class EntryReader
{
    /// <summary>How much a batch holds, unless its first entry alone is larger.</summary>
    private const int BatchBytes = 512 * 1024;

    /// <summary>How many positions are looked up at a time.</summary>
    private const int BatchEntries = 1024;

    /// <summary>What one read takes; a larger array would live on the large object heap, whose collections stop the program for
    /// long.</summary>
    private const int BlockBytes = 64 * 1024;

    /// <summary>Reading over so much of other ledgers' entries is cheaper than a second read.</summary>
    private const int GapBytes = 2048;

    /// <summary>Reads entries from <paramref name="first"/> on: at least one, at most up to <paramref name="last"/>. All must be durable.</summary>
    public static List<LedgerEntry> Read(LedgerState ledger, long first, long last)
    {
        while (true)
        {
            if (ledger.IsDeleted || ledger.Find(first) is not { } extent)
                throw LedgerErrors.NoSuchLedger(ledger.Id);
            if (!extent.Segment.TryAcquire())
            {
                // The segment was rewritten; its replacement is in the table already, unless the store is gone.
                if (ledger.Failure is { } closed)
                    throw closed;
                continue;
            }
            try
            {
                return ReadExtent(ledger.Id, extent, first, last);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw StoreErrors.Unreadable(extent.Segment.Path, failure);
            }
            finally
            {
                extent.Segment.Release();
            }
        }
    }

    /// <summary>The same within one extent, whose segment the caller holds.</summary>
    public static List<LedgerEntry> ReadExtent(LedgerId ledger, LedgerExtent extent, long first, long last)
    {
        var count = (int)Math.Min(Math.Min(last - first + 1, BatchEntries), extent.First + extent.Count - first);
        var positions = Positions(extent, (int)(first - extent.First), count);
        var entries = new List<LedgerEntry>(count);
        var bytes = 0L;
        for (var from = 0; from < count && bytes < BatchBytes;)
        {
            var to = EndOfBlock(positions, from);
            var start = positions[from].Offset;
            var block = ReadBlock(extent.Segment, start, positions[to - 1].End);
            bytes += block.Length;
            for (; from < to; from++)
                entries.Add(Verify(extent.Segment, ledger, first + from, positions[from], block, (int)(positions[from].Offset - start)));
        }
        return entries;
    }

    private static EntryPosition[] Positions(LedgerExtent extent, int index, int count)
    {
        var positions = new EntryPosition[count];
        if (extent.Positions is { } inMemory)
        {
            for (var i = 0; i < count; i++)
                positions[i] = inMemory[index + i];
            return positions;
        }
        var bytes = new byte[count * EntryPosition.Size];
        var offset = extent.Table + (long)index * EntryPosition.Size;
        if (extent.Segment.File.Read(offset, bytes) < bytes.Length)
            throw StoreErrors.Damaged(extent.Segment.Path, offset, "the footer is cut off");
        for (var i = 0; i < count; i++)
            positions[i] = EntryPosition.Read(bytes.AsSpan(i * EntryPosition.Size));
        return positions;
    }

    private static int EndOfBlock(EntryPosition[] positions, int from)
    {
        var to = from + 1;
        while (to < positions.Length
            && positions[to].Offset >= positions[to - 1].End
            && positions[to].Offset - positions[to - 1].End <= GapBytes
            && positions[to].End - positions[from].Offset <= BlockBytes)
            to++;
        return to;
    }

    private static byte[] ReadBlock(Segment segment, long offset, long end)
    {
        if (end < offset || end > segment.File.Length)
            throw StoreErrors.Damaged(segment.Path, offset, "the index points beyond the file");
        var block = GC.AllocateUninitializedArray<byte>((int)(end - offset));
        if (segment.File.Read(offset, block) < block.Length)
            throw StoreErrors.Damaged(segment.Path, offset, "the file is cut off");
        return block;
    }

    private static LedgerEntry Verify(Segment segment, LedgerId ledger, long entry, EntryPosition position, byte[] block, int at)
    {
        var payload = block.AsMemory(at + RecordHeader.Size, position.Length);
        if (!RecordHeader.TryRead(block.AsSpan(at), segment.Identity, position.Offset, out var header)
            || header.Kind != RecordKind.Entry || header.Ledger != ledger.Value || header.Entry != entry
            || header.PayloadLength != position.Length || Crc32C.Compute(payload.Span) != header.PayloadCrc)
            throw StoreErrors.Damaged(segment.Path, position.Offset, $"entry {entry} of ledger {ledger} does not verify");
        return new LedgerEntry(new EntryId(entry), payload);
    }
}
