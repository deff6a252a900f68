using Daybook.Embedded.Files;
using Daybook.Embedded.Store.Log;

namespace Daybook.Embedded.Store.Space;

/// <summary>
/// Gives the space of deleted ledgers back: removes sealed segments with nothing live, and rewrites those with little. Works beside the log, one
/// segment at a time; readers go on.
/// </summary>
internal sealed class SpaceReclaimer(SegmentFiles files, SegmentTable segments, LedgerLog log, LogWriter writer, double compactBelow)
{
    private readonly HashSet<Segment> _spoiled = [];
    private readonly Lock _lock = new();
    private readonly Lock _oneAtATime = new();
    private Task _running = Task.CompletedTask;
    private bool _again;
    private bool _ended;

    /// <summary>Why a segment was last left as it is; null when nothing went wrong.</summary>
    public Exception? LastFailure { get; private set; }

    /// <summary>Looks, on a thread of the pool, whether there is something to give back. Calls while it runs are remembered.</summary>
    public void Trigger()
    {
        lock (_lock)
        {
            _again = true;
            if (!_ended && _running.IsCompleted)
                _running = Task.Run(Run);
        }
    }

    /// <summary>Begins nothing more; the task ends when what runs has ended.</summary>
    public Task EndAsync()
    {
        lock (_lock)
        {
            _ended = true;
            return _running;
        }
    }

    /// <summary>Removes or rewrites one segment.</summary>
    /// <returns>False when there was none to.</returns>
    public bool RunOnce()
    {
        lock (_oneAtATime)
            return ReclaimFirst();
    }

    private bool ReclaimFirst()
    {
        foreach (var segment in segments.Snapshot())
        {
            // Until the next segment is durable, this one must stay what the log is replayed from.
            if (segment.Number >= writer.DurableSegment || _spoiled.Contains(segment))
                continue;
            var live = LiveBytesOf(segment);
            if (live == 0 || live < segment.TotalBytes * compactBelow)
                return TryReclaim(segment, live);
        }
        return false;
    }

    private void Run()
    {
        while (true)
        {
            while (!_ended && RunOnce())
            {
            }
            lock (_lock)
            {
                if (_ended || !_again)
                {
                    // Seen as completed by the next trigger only after this method; so it starts a new run.
                    _running = Task.CompletedTask;
                    return;
                }
                _again = false;
            }
        }
    }

    private bool TryReclaim(Segment segment, long live)
    {
        try
        {
            if (live == 0)
                Remove(segment);
            else
                Compact(segment);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DaybookException)
        {
            // Nothing is lost by it but space: the old file is still there. Opening the store again tries again.
            LastFailure = failure;
            _spoiled.Add(segment);
            return true;
        }
    }

    private void Remove(Segment segment)
    {
        lock (segments.Lock)
            segments.Remove(segment);
        segment.Release();
        files.Remove(segment.Number);
    }

    private void Compact(Segment old)
    {
        SmallFiles.DeleteTemporary(files.FileSystem, files.Path);
        var (segment, extents) = new SegmentCompactor(files, old).Run(LiveExtentsOf(old));
        lock (segments.Lock)
        {
            foreach (var (id, extent) in extents)
                if (log.TryFind(id) is { } ledger)
                    Replace(ledger, old, extent);
            segments.Add(segment);
        }
        old.Release();
    }

    private static void Replace(LedgerState ledger, Segment old, LedgerExtent extent)
    {
        if (!ledger.Extents.Any(each => each.Segment == old))
            return;
        ledger.Extents = [.. ledger.Extents.Select(each => each.Segment == old ? extent : each)];
        extent.Segment.LiveBytes += extent.Bytes;
    }

    private long LiveBytesOf(Segment segment)
    {
        lock (segments.Lock)
            return segment.LiveBytes;
    }

    private List<(LedgerState Ledger, LedgerExtent Extent)> LiveExtentsOf(Segment segment)
    {
        lock (segments.Lock)
            return [.. log.All.SelectMany(ledger => ledger.Extents.Where(extent => extent.Segment == segment).Select(extent => (ledger, extent)))];
    }
}
