using System.Collections.Concurrent;
using Daybook.Embedded.Store.Format;
using Daybook.Embedded.Store.Log;
using Daybook.Ledgers;

namespace Daybook.Embedded.Store;

/// <summary>
/// What may be added to the log, and in which order: each call checks and queues under one short lock, so appends, fences and deletions of all
/// ledgers have one order, and what is accepted before is durable before.
/// </summary>
internal sealed class LedgerLog(LogQueue queue, IEnumerable<LedgerState> found, long lastLedger, int maxEntryBytes)
{
    private readonly ConcurrentDictionary<LedgerId, LedgerState> _ledgers = new(found.Select(ledger => KeyValuePair.Create(ledger.Id, ledger)));
    private long _lastLedger = lastLedger;
    private volatile DaybookException? _failure;

    /// <summary>The ledgers that exist, some of which may be in the course of being deleted.</summary>
    public IEnumerable<LedgerState> All => _ledgers.Values;

    public LedgerState? TryFind(LedgerId ledger) => _ledgers.GetValueOrDefault(ledger);

    /// <exception cref="DaybookException"><see cref="ErrorCode.NoSuchLedger"/>.</exception>
    public LedgerState Find(LedgerId ledger) =>
        _ledgers.TryGetValue(ledger, out var found) && !found.IsDeleted ? found : throw LedgerErrors.NoSuchLedger(ledger);

    public async Task<LedgerState> CreateAsync(ReadOnlyMemory<byte> metadata)
    {
        LogOperation created;
        lock (queue.Gate)
        {
            if (queue.Refusal is { } refusal)
                throw refusal;
            created = Queue(RecordKind.Created, new LedgerState(new LedgerId(++_lastLedger), metadata), payload: metadata);
        }
        queue.Wake();
        await created.Task;
        _ledgers[created.Ledger.Id] = created.Ledger;
        created.Ledger.Failure = _failure;
        return created.Ledger;
    }

    public Task<EntryId> Append(LedgerState ledger, ReadOnlyMemory<byte> entry)
    {
        if (entry.Length > maxEntryBytes)
            return Task.FromException<EntryId>(LedgerErrors.TooLarge(ledger.Id, entry.Length, maxEntryBytes));
        var operation = new LogOperation(RecordKind.Entry, ledger, entry, Crc32C.Compute(entry.Span));
        lock (queue.Gate)
        {
            if (RefusalOf(ledger) is { } refusal)
                return Task.FromException<EntryId>(refusal);
            operation.Entry = new EntryId(++ledger.LastAccepted);
            queue.Add(operation);
        }
        queue.Wake();
        return operation.Task;
    }

    /// <summary>Closes for the writer. Where somebody has recovered the ledger, it ends at the same entry (L11).</summary>
    public Task Close(LedgerState ledger) => End(ledger, fence: false);

    /// <summary>Fences and closes for a later owner. Both are durable, in that order, when the task completes (S2).</summary>
    public Task Recover(LedgerState ledger) => End(ledger, fence: true);

    public Task Delete(LedgerId id)
    {
        if (!_ledgers.TryGetValue(id, out var ledger))
            return Task.CompletedTask;
        lock (queue.Gate)
        {
            if (ledger.Status == LedgerStatus.Deleted)
                return ledger.Ending!;
            if (queue.Refusal is { } refusal)
                return Task.FromException(refusal);
            ledger.Status = LedgerStatus.Deleted;
            ledger.IsDeleted = true;
            ledger.Ending = ForgetAsync(Queue(RecordKind.Deleted, ledger));
        }
        queue.Wake();
        ledger.Signal();
        return ledger.Ending;
    }

    /// <summary>Ends every wait for a ledger: nothing more will come.</summary>
    public void Fail(DaybookException failure)
    {
        _failure = failure;
        foreach (var ledger in _ledgers.Values)
        {
            ledger.Failure = failure;
            ledger.Signal();
        }
    }

    private Task End(LedgerState ledger, bool fence)
    {
        lock (queue.Gate)
        {
            if (ledger.Status == LedgerStatus.Deleted)
                return Task.FromException(LedgerErrors.NoSuchLedger(ledger.Id));
            if (ledger.Ending is { } ending)
                return ending;
            if (queue.Refusal is { } refusal)
                return Task.FromException(refusal);
            if (fence)
                Queue(RecordKind.Fenced, ledger);
            ledger.Status = fence ? LedgerStatus.Fenced : LedgerStatus.Closed;
            ledger.Ending = Queue(RecordKind.Closed, ledger, new EntryId(ledger.LastAccepted)).Task;
        }
        queue.Wake();
        return ledger.Ending;
    }

    private async Task ForgetAsync(LogOperation deleted)
    {
        await deleted.Task;
        _ledgers.TryRemove(deleted.Ledger.Id, out _);
    }

    private LogOperation Queue(RecordKind kind, LedgerState ledger, EntryId? entry = null, ReadOnlyMemory<byte> payload = default)
    {
        var operation = new LogOperation(kind, ledger, payload, Crc32C.Compute(payload.Span)) { Entry = entry ?? EntryId.None };
        queue.Add(operation);
        return operation;
    }

    private DaybookException? RefusalOf(LedgerState ledger) => ledger.Status switch
    {
        LedgerStatus.Fenced => LedgerErrors.Fenced(ledger.Id),
        LedgerStatus.Closed => LedgerErrors.Closed(ledger.Id),
        LedgerStatus.Deleted => LedgerErrors.NoSuchLedger(ledger.Id),
        _ => queue.Refusal,
    };
}
