using Daybook.Bookie.Network;
using Daybook.Bookie.Serving;
using Daybook.Ledgers;

namespace Daybook.Bookie.Storage;

/// <summary>
/// Collects records in blocks and appends these to the current log ledger, several in flight. A record takes effect in memory immediately;
/// its request is answered, in order, when its block is durable. The caller of every member holds the mutex.
/// </summary>
internal sealed class BlockLog(ILedgerStore store, LedgerTable table, BlockCache cache, BlockLogOptions options, Lock mutex, DirtyOutputs dirty)
{
    /// <summary>More blocks in flight would only be smaller, not faster.</summary>
    private const int InFlight = 2;

    private readonly Queue<Block> _inFlight = new();
    private Block _open = new();
    private LogInfo? _log;
    private ILedgerWriter _writer = null!;
    private Task<ILedgerWriter>? _next;
    private Task _closing = Task.CompletedTask;
    private long _lastOrdinal;
    private (int Adds, long Bytes) _waiting;

    /// <summary>Every block up to this one is durable.</summary>
    public long DurableOrdinal { get; private set; }

    /// <summary>The block that holds the last appended record.</summary>
    public long LastOrdinal => _open.Ordinal;

    /// <summary>The cause after which nothing more can be written (S3); null while there is none.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Called once, with the mutex held, when writing has failed.</summary>
    public Action Failed { get; set; } = () => { };

    /// <summary>The current log.</summary>
    public LedgerId? Current => _log?.Id;

    /// <summary>Whether the limit of waiting adds is reached.</summary>
    public bool IsFull => _waiting.Adds >= options.MaxWaitingAdds || _waiting.Bytes >= options.MaxWaitingBytes;

    /// <summary>Disables writing from the start, for a log that can only be read in part.</summary>
    public void Refuse(Exception damage) => Failure = damage;

    /// <summary>Starts a log ledger with a snapshot of all ledgers; completes when the snapshot is durable.</summary>
    public async Task StartAsync()
    {
        var writer = await store.CreateAsync().ConfigureAwait(false);
        var reader = await store.OpenAsync(writer.Id).ConfigureAwait(false);
        Task durable;
        lock (mutex)
        {
            Begin(writer, reader);
            durable = FlushedAsync();
        }
        await durable.ConfigureAwait(false);
    }

    /// <summary>Appends a record and applies it to the table.</summary>
    public void Append(RecordKind kind, LedgerId ledger, uint generation, EntryId entry, ReadOnlySpan<byte> payload)
    {
        while (!_open.Fits(payload.Length))
            Seal();
        var header = new RecordHeader(kind, generation, payload.Length, ledger, entry);
        var location = _open.Add(header, payload);
        table.Apply(header, payload, location, _open.Ordinal);
    }

    /// <summary>Answers an add when the last appended record is durable.</summary>
    public void AnswerAdd(in PendingReply reply, int bytes)
    {
        _open.Replies.Add(reply);
        _open.Waiting = (_open.Waiting.Adds + 1, _open.Waiting.Bytes + bytes);
        _waiting = (_waiting.Adds + 1, _waiting.Bytes + bytes);
    }

    /// <summary>Calls back when a block and all before it are durable, or cannot become so; immediately if that is already known.</summary>
    public void WhenDurable(long ordinal, Action<bool> then)
    {
        if (ordinal <= DurableOrdinal || Failure is not null)
        {
            then(ordinal <= DurableOrdinal);
            return;
        }
        var block = _inFlight.FirstOrDefault(sealedBlock => sealedBlock.Ordinal >= ordinal) ?? _open;
        block.Replies.Add(new PendingReply(default, default, default, then));
    }

    /// <summary>Calls back when all records appended so far are durable, or cannot become so.</summary>
    public void WhenAllDurable(Action<bool> then) => WhenDurable(_open.IsEmpty ? _open.Ordinal - 1 : _open.Ordinal, then);

    /// <summary>Completes when all records appended so far are durable.</summary>
    /// <exception cref="IOException">They cannot become durable.</exception>
    public Task FlushedAsync()
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        WhenAllDurable(isDurable =>
        {
            if (isDurable)
                flushed.TrySetResult();
            else
                flushed.TrySetException(new IOException($"The bookie can no longer write: {Failure?.Message}", Failure));
        });
        if (!_open.IsEmpty && Failure is null)
            Seal();
        return flushed.Task;
    }

    /// <summary>Appends the open block if it is not empty and the device can take more work.</summary>
    public void Nudge()
    {
        if (!_open.IsEmpty && _inFlight.Count < InFlight && Failure is null)
            Seal();
    }

    /// <summary>Waits for the blocks in flight, and closes the log ledger.</summary>
    public async Task EndAsync()
    {
        if (_log is null)
            return;
        Task flushed;
        lock (mutex)
            flushed = FlushedAsync();
        await flushed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _closing.ConfigureAwait(false);
        await CloseAsync(_writer).ConfigureAwait(false);
    }

    private void Seal()
    {
        var block = _open;
        _log!.Blocks++;
        _log.Bytes += block.Length;
        _inFlight.Enqueue(block);
        block.Written = _writer.AppendAsync(block.Data);
        _ = block.Written.ContinueWith(
            static (_, log) => ((BlockLog)log!).Drain(), this, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        OpenBlock();
    }

    private void OpenBlock()
    {
        if (_log!.Bytes >= options.LogBytes / 2 || _log.Blocks >= BlockId.MaxBlocks / 2)
            _next ??= store.CreateAsync().AsTask();
        if ((_log.Bytes >= options.LogBytes || _log.Blocks >= BlockId.MaxBlocks - 1) && _next is { IsCompletedSuccessfully: true } next)
        {
            _log.IsClosed = true;
            _closing = CloseAsync(_writer);
            // The store looks up its ledgers in memory, so the reader is available immediately.
            Begin(next.Result, store.OpenAsync(next.Result.Id).AsTask().Result);
            return;
        }
        if (_log.Blocks >= BlockId.MaxBlocks)
            throw new IOException("The log ledger has reached its maximum number of blocks, and the next one could not be created.");
        _open = cache.Take();
        _open.Begin(new BlockId(_log.Id, _log.Blocks), ++_lastOrdinal);
        cache.Hold(_open);
    }

    private void Begin(ILedgerWriter writer, ILedgerReader reader)
    {
        if (writer.Id.Value >= BlockId.MaxLogs)
            throw new IOException("The bookie has reached the maximum number of log ledgers.");
        (_writer, _next) = (writer, null);
        _log = new LogInfo(writer.Id, reader);
        table.Logs.Add(writer.Id, _log);
        OpenBlock();
        AppendSnapshot();
    }

    /// <summary>Writes the snapshot, after which older logs matter only for the entries in them.</summary>
    private void AppendSnapshot()
    {
        Append(RecordKind.SnapshotBegin, default, table.Generation, default, []);
        foreach (var ledger in table.Ledgers.ToList())
        {
            Append(RecordKind.Ledger, ledger.Id, ledger.Generation, default, ledger.Key);
            if (ledger.IsFenced)
                Append(RecordKind.Fence, ledger.Id, ledger.Generation, default, []);
            if (ledger.ExplicitLac is { } lac)
                Append(RecordKind.ExplicitLac, ledger.Id, ledger.Generation, default, lac);
        }
        Append(RecordKind.SnapshotEnd, default, table.Generation, default, []);
    }

    private void Drain()
    {
        IReadOnlyList<Output> written;
        lock (mutex)
        {
            while (_inFlight.TryPeek(out var block) && block.Written.IsCompleted && Failure is null)
            {
                if (!block.Written.IsCompletedSuccessfully)
                    Fail(block.Written.Exception!.InnerException!);
                else
                    Finish(_inFlight.Dequeue(), isDurable: true);
            }
            Nudge();
            written = dirty.Take();
        }
        foreach (var output in written)
            output.Flush();
    }

    private void Finish(Block block, bool isDurable)
    {
        if (isDurable)
            DurableOrdinal = block.Ordinal;
        _waiting = (_waiting.Adds - block.Waiting.Adds, _waiting.Bytes - block.Waiting.Bytes);
        foreach (var reply in block.Replies)
            reply.Complete(isDurable);
        cache.Settle(block, isDurable);
    }

    /// <summary>The state of the device is unknown from here on: nothing more is written, and blocks in flight are not served
    /// (S3).</summary>
    private void Fail(Exception failure)
    {
        Failure = failure;
        while (_inFlight.TryDequeue(out var block))
            Finish(block, isDurable: false);
        Finish(_open, isDurable: false);
        Failed();
    }

    private static async Task CloseAsync(ILedgerWriter writer)
    {
        try
        {
            await writer.CloseAsync().ConfigureAwait(false);
        }
        catch (DaybookException)
        {
            // A log ledger that is not closed is recovered at the next start.
        }
    }
}
