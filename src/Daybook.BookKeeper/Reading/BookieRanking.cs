using System.Collections.Immutable;
using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Reading;

/// <summary>The order in which a reader asks bookies: those of a write set in its order, those that recently failed or were slow
/// last.</summary>
internal sealed class BookieRanking(TimeProvider time, TimeSpan avoidFor)
{
    private ImmutableDictionary<BookieId, long> _lateOrFailed = ImmutableDictionary<BookieId, long>.Empty;

    /// <summary>A bookie gave no answer in time, or none that was of use.</summary>
    public void Demote(BookieId bookie) => ImmutableInterlocked.AddOrUpdate(ref _lateOrFailed, bookie, time.GetTimestamp(), (_, _) => time.GetTimestamp());

    /// <summary>The bookies that hold an entry, best first.</summary>
    public BookieId[] Order(ImmutableArray<BookieId> ensemble, WriteSet copies)
    {
        var demoted = Volatile.Read(ref _lateOrFailed);
        var order = new BookieId[copies.Count];
        var (front, back) = (0, copies.Count);
        for (var copy = 0; copy < copies.Count; copy++)
        {
            var bookie = ensemble[copies[copy]];
            if (demoted.TryGetValue(bookie, out var since) && time.GetElapsedTime(since) < avoidFor)
                order[--back] = bookie;
            else
                order[front++] = bookie;
        }
        Array.Reverse(order, back, order.Length - back);
        return order;
    }
}
