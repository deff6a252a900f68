using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Reading;

/// <summary>Fetches consecutive entries that are striped over the ensemble, each from the best bookie of its write set, all in parallel. What does not come,
/// or not in time, stays empty: it is then read by itself.</summary>
internal sealed class StripedFetch : IReadAnswers
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<FetchedEntries> _result = new();
    private readonly ReadContext _context;
    private readonly EntryId _first;
    private readonly ReadOnlyMemory<byte>[] _entries;
    private readonly BookieId[] _sources;
    private readonly bool[] _isAnswered;
    private ITimer? _patience;
    private int _missing;

    private StripedFetch(ReadContext context, EntryId first, int count)
    {
        (_context, _first, _missing) = (context, first, count);
        (_entries, _sources, _isAnswered) = (new ReadOnlyMemory<byte>[count], new BookieId[count], new bool[count]);
    }

    /// <summary>Fetches. Never fails.</summary>
    public static Task<FetchedEntries> RunAsync(ReadContext context, LedgerMetadata metadata, EntryId first, int count)
    {
        var fetch = new StripedFetch(context, first, count);
        var bookies = metadata.SegmentOf(first).Bookies;
        for (var i = 0; i < count; i++)
            fetch._sources[i] = context.Ranking.Order(bookies, metadata.Sizes.WriteSetOf(new EntryId(first.Value + i)))[0];
        fetch._patience = context.Client.Time.CreateTimer(
            state => ((StripedFetch)state!).GiveUp(), fetch, context.Client.Options.SpeculativeReadAfter, Timeout.InfiniteTimeSpan);
        for (var i = 0; i < count; i++)
            context.Client.Bookies.Read(fetch._sources[i], new ReadRequest(context.Ledger, new EntryId(first.Value + i)), fetch, i);
        return fetch._result.Task;
    }

    public void Read(BookieId bookie, int position, EntryId asked, in ReadResponse response)
    {
        if (response.Status != BookieStatus.Ok)
            _context.Ranking.Demote(bookie);
        lock (_lock)
        {
            if (_missing == 0 || _isAnswered[position])
                return;
            _isAnswered[position] = true;
            _entries[position] = response.Status == BookieStatus.Ok ? response.Body : default;
            if (--_missing > 0)
                return;
        }
        Complete();
    }

    private void GiveUp()
    {
        lock (_lock)
        {
            if (_missing == 0)
                return;
            _missing = 0;
            for (var i = 0; i < _sources.Length; i++)
            {
                if (!_isAnswered[i])
                    _context.Ranking.Demote(_sources[i]);
            }
        }
        Complete();
    }

    private void Complete()
    {
        _patience?.Dispose();
        _result.SetResult(new FetchedEntries(_entries, _sources));
    }
}
