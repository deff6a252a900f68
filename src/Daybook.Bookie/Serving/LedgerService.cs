using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Network;
using Daybook.Bookie.Storage;
using Daybook.Ledgers;

namespace Daybook.Bookie.Serving;

/// <summary>
/// What a bookie does, whatever the protocol. All requests are handled with <see cref="Gate"/> held, a whole batch of them at a time, and none of them
/// waits: what waits for the device or for a block from disk is answered later.
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
        _log = new BlockLog(store, Table, _cache, options, Gate, _dirty) { Failed = OnFailed };
        _polls = new LongPolls(time, OnExpired);
        Space = new LogSpace(store, Table, _log, Gate);
    }

    /// <summary>Held while requests are handled and while they are answered.</summary>
    public Lock Gate { get; } = new();

    public LedgerTable Table { get; } = new();

    public LogSpace Space { get; }

    /// <summary>Adds are refused, except those of high priority.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>What is answered instead of "there is no such ledger or entry", when that cannot be known (S5); null when it can.</summary>
    public BookieStatus? Doubt { get; set; }

    /// <summary>Why nothing can be written any more; null while all is well.</summary>
    public Exception? Failure => _log.Failure;

    /// <summary>Called once when nothing can be written any more.</summary>
    public Action Failed { get; set; } = () => { };

    /// <summary>Total and free bytes of the disk.</summary>
    public Func<(long Total, long Free)> Disk { get; set; } = () => (0, 0);

    /// <summary>The outputs, for a connection to make its own.</summary>
    public DirtyOutputs Outputs => _dirty;

    /// <summary>Rebuilds what is there and makes ready to serve.</summary>
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

    /// <summary>To be called with the gate held after a batch of requests: sends adds on their way.</summary>
    /// <returns>What to flush without the gate.</returns>
    public IReadOnlyList<Output> EndBatch()
    {
        _log.Nudge();
        return _dirty.Take();
    }

    /// <summary>Answers who waits, writes what was accepted, and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        Run(() => Answer(_polls.TakeAll()));
        _polls.Dispose();
        await _log.EndAsync().ConfigureAwait(false);
    }

    /// <summary>Does something with the gate held, then flushes.</summary>
    public void Run(Action action)
    {
        IReadOnlyList<Output> written;
        lock (Gate)
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
