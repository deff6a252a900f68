using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Reading;

/// <summary>Fetches consecutive entries from one bookie that holds all of them; from the next one when it fails or does not answer for a while.</summary>
internal sealed class BatchFetch(ReadContext context, EntryId first, int count, long maxBytes, BookieId[] order)
{
    private readonly List<Task<(BookieId Bookie, BatchAnswer Answer)>> _asked = [];

    /// <summary>Fetches. Never fails: nothing comes of it when no bookie gives anything.</summary>
    public async Task<FetchedEntries> RunAsync()
    {
        for (var next = 0; next < order.Length || _asked.Count > 0;)
        {
            if (next < order.Length)
                _asked.Add(AskAsync(order[next++]));
            if (await FirstAnswerAsync(isLast: next == order.Length).ConfigureAwait(false) is not { } first)
            {
                context.Ranking.Demote(order[next - 1]);
                continue;
            }
            if (first.Answer is { Status: BookieStatus.Ok, Entries.Count: > 0 })
                return new FetchedEntries(first.Answer.Entries, [first.Bookie]);
            context.Ranking.Demote(first.Bookie);
        }
        return FetchedEntries.None;
    }

    private async Task<(BookieId Bookie, BatchAnswer Answer)> AskAsync(BookieId bookie) =>
        (bookie, await context.Client.Bookies.ReadBatchAsync(bookie, context.Ledger, first, count, maxBytes).ConfigureAwait(false));

    private async Task<(BookieId Bookie, BatchAnswer Answer)?> FirstAnswerAsync(bool isLast)
    {
        try
        {
            var patience = isLast ? Timeout.InfiniteTimeSpan : context.Client.Options.SpeculativeReadAfter;
            var any = await Task.WhenAny(_asked).WaitAsync(patience, context.Client.Time).ConfigureAwait(false);
            _asked.Remove(any);
            return await any.ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
