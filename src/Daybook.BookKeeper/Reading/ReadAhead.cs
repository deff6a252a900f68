using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Reading;

/// <summary>Fetches the blocks of a range in order, several of them ahead of the consumer.</summary>
internal sealed class ReadAhead(ReadContext context, EntryId first, EntryId last)
{
    private const int Blocks = 4;
    private const int MaxCount = 1000;
    private const int MaxStripedCount = 128;
    private const long MaxBytes = 1024 * 1024;

    private readonly Queue<(EntryId First, int Count, Task<FetchedEntries> Entries)> _underWay = new();
    private readonly BlockSize _size = new(IsStriped(context.View.Now.Metadata.Value) ? MaxStripedCount : MaxCount, MaxBytes);
    private EntryId _next = first;

    /// <summary>The next block: where it starts, how many entries it should have, and what comes of it. Null at the end of the range.</summary>
    public (EntryId First, int Count, Task<FetchedEntries> Entries)? Take()
    {
        Fill();
        return _underWay.TryDequeue(out var block) ? block : null;
    }

    /// <summary>Asks for what a shorter block left out, or for as much of it as fits.</summary>
    public Task<FetchedEntries> FetchAgainAsync(EntryId from, int count) => FetchAsync(from, Math.Min(count, _size.Count));

    /// <summary>Entries came: further requests go by their size.</summary>
    public void Learn(FetchedEntries fetched) => _size.Learn(fetched.Entries);

    private void Fill()
    {
        while (_underWay.Count < Blocks && _next <= last)
        {
            var metadata = context.View.Now.Metadata.Value;
            var end = EndOfSegment(metadata, _next);
            var count = (int)Math.Min(_size.Count, (end < last ? end : last).Value - _next.Value + 1);
            _underWay.Enqueue((_next, count, FetchAsync(_next, count)));
            _next = new EntryId(_next.Value + count);
        }
    }

    private Task<FetchedEntries> FetchAsync(EntryId from, int count)
    {
        var metadata = context.View.Now.Metadata.Value;
        if (IsStriped(metadata))
            return StripedFetch.RunAsync(context, metadata, from, count);
        var order = context.Ranking.Order(metadata.SegmentOf(from).Bookies, metadata.Sizes.WriteSetOf(from));
        return new BatchFetch(context, from, count, MaxBytes, order).RunAsync();
    }

    private static bool IsStriped(LedgerMetadata metadata) => metadata.Sizes.Ensemble > metadata.Sizes.Write;

    private static EntryId EndOfSegment(LedgerMetadata metadata, EntryId entry)
    {
        foreach (var segment in metadata.Segments)
        {
            if (segment.First > entry)
                return new EntryId(segment.First.Value - 1);
        }
        return new EntryId(long.MaxValue - 1);
    }
}
