using Daybook.Embedded.Store.Format;

namespace Daybook.Embedded.Store;

/// <summary>
/// A ledger of an open store. What has been <em>accepted</em> is guarded by the gate of the log; what is <em>durable</em> is set by the log's writer
/// and may be read from any thread.
/// </summary>
/// <param name="id">Its id.</param>
/// <param name="metadata">What its creator recorded; never changes.</param>
internal sealed class LedgerState(LedgerId id, ReadOnlyMemory<byte> metadata)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _changed;
    private LedgerExtent[] _extents = [];
    private long _confirmed = -1;

    public LedgerId Id => id;

    public ReadOnlyMemory<byte> Metadata => metadata;

    /// <summary>Accepted: what the next append meets.</summary>
    public LedgerStatus Status { get; set; }

    /// <summary>Accepted: the last id given.</summary>
    public long LastAccepted { get; set; } = -1;

    /// <summary>Accepted: the close or deletion that ends the ledger; null while it is open or only fenced.</summary>
    public Task? Ending { get; set; }

    /// <summary>Durable: the last entry that may be read.</summary>
    public EntryId Confirmed => new(Volatile.Read(ref _confirmed));

    /// <summary>Durable: whether the ledger has its last entry.</summary>
    public volatile bool IsClosed;

    /// <summary>Set when the deletion is accepted: nothing is read any more.</summary>
    public volatile bool IsDeleted;

    /// <summary>Set when the store has stopped or is closed: nothing will change any more.</summary>
    public volatile DaybookException? Failure;

    /// <summary>Ascending, without gaps from entry 0. The array is replaced, never changed.</summary>
    public LedgerExtent[] Extents
    {
        get => Volatile.Read(ref _extents);
        set => Volatile.Write(ref _extents, value);
    }

    public void Confirm(long entry) => Volatile.Write(ref _confirmed, entry);

    /// <summary>The extent that holds an entry that is durable; null when the ledger has been deleted meanwhile.</summary>
    public LedgerExtent? Find(long entry)
    {
        var extents = Extents;
        if (extents.Length == 0)
            return null;
        var (low, high) = (0, extents.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (extents[middle].First <= entry)
                low = middle;
            else
                high = middle - 1;
        }
        return extents[low];
    }

    /// <summary>Completes with the next change of what is durable.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
                return (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Wakes the waits for <see cref="Changed"/>.</summary>
    public void Signal()
    {
        TaskCompletionSource? changed;
        lock (_lock)
            (changed, _changed) = (_changed, null);
        changed?.TrySetResult();
    }
}
