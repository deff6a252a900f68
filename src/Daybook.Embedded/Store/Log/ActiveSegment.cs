using Daybook.Embedded.Store.Format;

namespace Daybook.Embedded.Store.Log;

/// <summary>The segment that is being written. Belongs to the log's writer.</summary>
internal sealed class ActiveSegment(Segment segment, long limit)
{
    private readonly Dictionary<LedgerState, LedgerExtent> _extents = [];

    public Segment Segment => segment;

    /// <summary>Where the next record goes.</summary>
    public long Position { get; set; }

    /// <summary>Below this everything is durable.</summary>
    public long DurableTo { get; set; }

    public IReadOnlyDictionary<LedgerState, LedgerExtent> Extents => _extents;

    public bool Fits(long recordSize) => Position + recordSize <= limit;

    /// <summary>Notes where an entry is, so that readers find it. Call with the lock of the <see cref="SegmentTable"/> held.</summary>
    public void Add(LedgerState ledger, long entry, EntryPosition position)
    {
        if (!_extents.TryGetValue(ledger, out var extent))
        {
            _extents[ledger] = extent = new LedgerExtent(segment, entry);
            ledger.Extents = [.. ledger.Extents, extent];
        }
        extent.Add(position);
        segment.LiveBytes += RecordHeader.SizeOf(position.Length);
    }
}
