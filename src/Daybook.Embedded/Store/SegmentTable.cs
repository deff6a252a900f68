namespace Daybook.Embedded.Store;

/// <summary>The sealed segments, and which share of each is still of use. The lock also guards every replacement of a ledger's extents.</summary>
internal sealed class SegmentTable
{
    private readonly SortedDictionary<long, Segment> _sealed = [];

    public Lock Lock { get; } = new();

    /// <summary>Call with the lock held.</summary>
    public void Add(Segment segment) => _sealed[segment.Number] = segment;

    /// <summary>Call with the lock held.</summary>
    public void Remove(Segment segment) => _sealed.Remove(segment.Number);

    /// <summary>Takes the entries of a deleted ledger off the live bytes of their segments. Call with the lock held.</summary>
    public static void Forget(LedgerState ledger)
    {
        foreach (var extent in ledger.Extents)
            extent.Segment.LiveBytes -= extent.Bytes;
        ledger.Extents = [];
    }

    /// <summary>The sealed segments, ascending.</summary>
    public IReadOnlyList<Segment> Snapshot()
    {
        lock (Lock)
            return [.. _sealed.Values];
    }
}
