using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Network;
using Daybook.Bookie.Storage;
using Daybook.Ledgers;

namespace Daybook.Bookie.Serving;

/// <summary>
/// The operations of a bookie, independent of the protocol. Requests are handled in batches with <see cref="Mutex"/> held, and none of them
/// blocks: a request that needs the device or a block from disk is answered later.
/// </summary>
internal sealed partial class LedgerService : IAsyncDisposable
{
    private readonly DirtyOutputs _dirty = new();
    private readonly BlockCache _cache;
    private readonly BlockLog _log;
    private readonly LongPolls _polls;
    private readonly TimeProvider _time;

    public LedgerService(ILedgerStore store, BlockLogOptions options, TimeProvider time)
    {
        _time = time;
        _cache = new BlockCache(options.CacheBytes);
        _log = new BlockLog(store, Table, _cache, options, Mutex, _dirty) { Failed = OnFailed };
        _polls = new LongPolls(time, OnExpired);
        Space = new LogSpace(store, Table, _log, Mutex);
    }

    /// <summary>Held while requests are handled and while they are answered.</summary>
    public Lock Mutex { get; } = new();

    public LedgerTable Table { get; } = new();

    public LogSpace Space { get; }

    /// <summary>Whether adds are refused, except those of high priority.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>The status to answer instead of "no such ledger or entry" when the log was not fully readable (S5); null when it
    /// was.</summary>
    public BookieStatus? Doubt { get; set; }

    /// <summary>The cause after which nothing more can be written; null while there is none.</summary>
    public Exception? Failure => _log.Failure;

    /// <summary>Called once when writing has failed.</summary>
    public Action Failed { get; set; } = () => { };

    /// <summary>Total and free bytes of the disk.</summary>
    public Func<(long Total, long Free)> Disk { get; set; } = () => (0, 0);

    /// <summary>The set of unflushed outputs, to which each connection adds its own.</summary>
    public DirtyOutputs Outputs => _dirty;

    /// <summary>Rebuilds the state from disk and prepares to serve.</summary>
    public async Task StartAsync(ILedgerStore store, CancellationToken cancellationToken)
    {
        var replay = new LogReplay(store, Table);
        await replay.RunAsync(cancellationToken).ConfigureAwait(false);
        if (replay.Damage is { } damage)
        {
            _log.Refuse(damage);
            Doubt = BookieStatus.IoError;
            return;
        }
        await _log.StartAsync().ConfigureAwait(false);
    }

    /// <summary>Call with the mutex held after a batch of requests: starts the append of its adds.</summary>
    /// <returns>The outputs to flush after releasing the mutex.</returns>
    public IReadOnlyList<Output> EndBatch()
    {
        _log.Nudge();
        return _dirty.Take();
    }

    /// <summary>Answers waiting reads, writes accepted adds, and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        Run(() => Answer(_polls.TakeAll()));
        _polls.Dispose();
        await _log.EndAsync().ConfigureAwait(false);
    }

    /// <summary>Runs an action with the mutex held, then flushes.</summary>
    public void Run(Action action)
    {
        IReadOnlyList<Output> written;
        lock (Mutex)
        {
            action();
            written = EndBatch();
        }
        foreach (var output in written)
            output.Flush();
    }

    private BookieStatus Absent(BookieStatus status) => Doubt ?? status;

    private void OnFailed()
    {
        IsReadOnly = true;
        Failed();
    }
}
