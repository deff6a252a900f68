using Daybook.Embedded.Store.Format;

namespace Daybook.Embedded.Store;

/// <summary>The entries of a ledger that are in one segment.</summary>
internal sealed class LedgerExtent(Segment segment, long first)
{
    private volatile EntryPositions? _positions = new();
    private long _table;

    public LedgerExtent(Segment segment, FooterExtent footer, long payloadOffset)
        : this(segment, footer.First)
    {
        (Count, Bytes) = (footer.Count, footer.Bytes);
        SealAt(payloadOffset + footer.Table);
    }

    public Segment Segment => segment;

    public long First => first;

    /// <summary>How many entries; grows while the segment is being written.</summary>
    public int Count { get; private set; }

    /// <summary>What their records take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Positions in memory; null once they are in the segment's footer, at <see cref="Table"/>.</summary>
    public EntryPositions? Positions => _positions;

    /// <summary>Where in the file the positions begin.</summary>
    public long Table => _table;

    public void Add(EntryPosition position)
    {
        _positions!.Add(position);
        Bytes += RecordHeader.SizeOf(position.Length);
        Count++;
    }

    public void SealAt(long table)
    {
        _table = table;
        _positions = null;
    }
}
