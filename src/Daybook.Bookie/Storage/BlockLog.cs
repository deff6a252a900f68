using Daybook.Bookie.Network;
using Daybook.Bookie.Serving;
using Daybook.Ledgers;

namespace Daybook.Bookie.Storage;

/// <summary>
/// Gathers records into blocks and appends these to the current log ledger, several in flight. What a record says holds in memory at once; who asked
/// for it is answered when its block is durable, in order. All calls are made with the gate held.
/// </summary>
internal sealed class BlockLog(ILedgerStore store, LedgerTable table, BlockCache cache, BlockLogOptions options, Lock gate, DirtyOutputs dirty)
{
    /// <summary>More small blocks in flight would not be faster, only smaller.</summary>
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

    /// <summary>The block that a record appended last is in.</summary>
    public long LastOrdinal => _open.Ordinal;

    /// <summary>Why nothing can be written any more (S3); null while all is well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Called once, with the gate held, when writing has ended.</summary>
    public Action Failed { get; set; } = () => { };

    /// <summary>The log that is being written.</summary>
    public LedgerId? Current => _log?.Id;

    /// <summary>Whether as many adds wait as may.</summary>
    public bool IsFull => _waiting.Adds >= options.MaxWaitingAdds || _waiting.Bytes >= options.MaxWaitingBytes;

    /// <summary>Takes writing away from the start, for a log of which a part cannot be read.</summary>
    public void Refuse(Exception damage) => Failure = damage;

    /// <summary>Begins a log ledger with a snapshot of all ledgers; completes when that is durable.</summary>
    public async Task StartAsync()
    {
        var writer = await store.CreateAsync().ConfigureAwait(false);
        var reader = await store.OpenAsync(writer.Id).ConfigureAwait(false);
        Task durable;
        lock (gate)
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

    /// <summary>Answers an add when what was appended last is durable.</summary>
    public void AnswerAdd(in PendingReply reply, int bytes)
    {
        _open.Replies.Add(reply);
        _open.Waiting = (_open.Waiting.Adds + 1, _open.Waiting.Bytes + bytes);
        _waiting = (_waiting.Adds + 1, _waiting.Bytes + bytes);
    }

    /// <summary>Calls back when a block and all before it are durable, or cannot become so; at once if that is known.</summary>
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

    /// <summary>Calls back when everything that was appended so far is durable, or cannot become so.</summary>
    public void WhenAllDurable(Action<bool> then) => WhenDurable(_open.IsEmpty ? _open.Ordinal - 1 : _open.Ordinal, then);

    /// <summary>Completes when everything that was appended so far is durable.</summary>
    /// <exception cref="IOException">It cannot become so.</exception>
    public Task FlushedAsync()
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        WhenAllDurable(isDurable =>
        {
            if (isDurable)
                flushed.TrySetResult();
            else
                flushed.TrySetException(new IOException($"The bookie cannot write any more: {Failure?.Message}", Failure));
        });
        if (!_open.IsEmpty && Failure is null)
            Seal();
        return flushed.Task;
    }

    /// <summary>Sends the open block on its way when there is something in it and the device has not enough to do.</summary>
    public void Nudge()
    {
        if (!_open.IsEmpty && _inFlight.Count < InFlight && Failure is null)
            Seal();
    }

    /// <summary>Waits for what is in flight, and closes the log ledger.</summary>
    public async Task EndAsync()
    {
        if (_log is null)
            return;
        Task flushed;
        lock (gate)
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
            // The store looks its ledgers up in memory, so the reader is there at once.
            Begin(next.Result, store.OpenAsync(next.Result.Id).AsTask().Result);
            return;
        }
        if (_log.Blocks >= BlockId.MaxBlocks)
            throw new IOException("The log ledger has as many blocks as it can have, and the next one could not be created.");
        _open = cache.Take();
        _open.Begin(new BlockId(_log.Id, _log.Blocks), ++_lastOrdinal);
        cache.Hold(_open);
    }

    private void Begin(ILedgerWriter writer, ILedgerReader reader)
    {
        if (writer.Id.Value >= BlockId.MaxLogs)
            throw new IOException("The bookie has had as many log ledgers as it can have.");
        (_writer, _next) = (writer, null);
        _log = new LogInfo(writer.Id, reader);
        table.Logs.Add(writer.Id, _log);
        OpenBlock();
        AppendSnapshot();
    }

    /// <summary>Makes older logs matter for nothing but the entries in them.</summary>
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
        lock (gate)
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
            reply.Say(isDurable);
        cache.Settle(block, isDurable);
    }

    /// <summary>What is on the device is unknown from here on: nothing is written any more, and what was in flight is not given out (S3).</summary>
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
