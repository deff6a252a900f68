using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Reading;

/// <summary>Fetches the blocks of a range in order and ahead of the consumer, within a window of round trips and of bytes.</summary>
internal sealed class ReadAhead(ReadContext context, EntryId first, EntryId last)
{
    /// <summary>The most blocks under way or waiting for the consumer, each of which takes one round trip.</summary>
    internal const int MostRoundTrips = 4;

    /// <summary>The most bytes of all of them. A block whose entries are larger than those before it may exceed its share; nothing more is
    /// then asked for until the consumer has made room.</summary>
    internal const long MostBytes = 4 * 1024 * 1024;

    private const long BlockBytes = MostBytes / MostRoundTrips;
    private const int MostInBatch = 1000;

    private readonly Queue<(EntryId First, int Count, Task<FetchedEntries> Entries)> _underWay = new();
    private readonly BlockSize _size = new(MostInBlock(context), BlockBytes);
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
        while (_next <= last && HasRoom())
        {
            var metadata = context.View.Now.Metadata.Value;
            var end = EndOfSegment(metadata, _next);
            var count = (int)Math.Min(_size.Count, (end < last ? end : last).Value - _next.Value + 1);
            _underWay.Enqueue((_next, count, FetchAsync(_next, count)));
            _next = new EntryId(_next.Value + count);
        }
    }

    private bool HasRoom()
    {
        if (_underWay.Count is 0 or MostRoundTrips)
            return _underWay.Count == 0;
        var bytes = BlockBytes;
        foreach (var block in _underWay)
            bytes += block.Entries.IsCompletedSuccessfully ? block.Entries.Result.Bytes : BlockBytes;
        return bytes <= MostBytes;
    }

    private Task<FetchedEntries> FetchAsync(EntryId from, int count)
    {
        var metadata = context.View.Now.Metadata.Value;
        if (IsStriped(metadata))
            return StripedFetch.RunAsync(context, metadata, from, count);
        var order = context.Ranking.Order(metadata.SegmentOf(from).Bookies, metadata.Sizes.WriteSetOf(from));
        return new BatchFetch(context, from, count, BlockBytes, order).RunAsync();
    }

    /// <summary>A block of more entries than one round trip brings would be completed by further ones, one after the other.</summary>
    private static int MostInBlock(ReadContext context) =>
        context.Client.Options.Protocol == BookieProtocol.V2 && !IsStriped(context.View.Now.Metadata.Value) ? MostInBatch : PipelinedBatch.MostReads;

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
