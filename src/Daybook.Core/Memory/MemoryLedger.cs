using System.Runtime.CompilerServices;
using Daybook.Ledgers;

namespace Daybook.Memory;

/// <summary>One ledger in memory, and the view of it that readers get.</summary>
internal sealed class MemoryLedger(LedgerId id, ReadOnlyMemory<byte> metadata, int maxEntryBytes) : ILedgerReader
{
    private enum State
    {
        Open,
        Closed,
        Fenced,
        Deleted,
    }

    private readonly Lock _lock = new();
    private readonly List<byte[]> _entries = [];
    private State _state;

    /// <summary>Completed, and replaced, whenever there is more to read or the state has changed.</summary>
    private TaskCompletionSource _changed = NewSignal();

    public LedgerId Id => id;

    public ReadOnlyMemory<byte> Metadata => metadata;

    public bool IsClosed => _state is State.Closed or State.Fenced;

    public EntryId LastAddConfirmed
    {
        get
        {
            lock (_lock)
                return new EntryId(_entries.Count - 1);
        }
    }

    public EntryId Append(ReadOnlyMemory<byte> entry)
    {
        if (entry.Length > maxEntryBytes)
            throw LedgerErrors.TooLarge(id, entry.Length, maxEntryBytes);
        EntryId appended;
        TaskCompletionSource changed;
        lock (_lock)
        {
            ThrowUnlessOpen();
            _entries.Add(entry.ToArray());
            appended = new EntryId(_entries.Count - 1);
            changed = TakeSignal();
        }
        changed.TrySetResult();
        return appended;
    }

    /// <summary>Closes for the writer. A ledger that somebody recovered ends where the writer ended, so that is no error.</summary>
    public void Close() => Change(State.Closed);

    /// <summary>Closes for a later owner.</summary>
    public void Fence() => Change(State.Fenced);

    public void Delete() => Change(State.Deleted);

    public ValueTask<LedgerEntry> ReadAsync(EntryId entry, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ThrowIfDeleted();
            return entry.Value >= 0 && entry.Value < _entries.Count
                ? ValueTask.FromResult(new LedgerEntry(entry, _entries[(int)entry.Value]))
                : ValueTask.FromException<LedgerEntry>(LedgerErrors.NoSuchEntry(id, entry, new EntryId(_entries.Count - 1)));
        }
    }

    public async IAsyncEnumerable<LedgerEntry> ReadAsync(
        EntryId first, EntryId last, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var entry = first; entry <= last; entry = entry.Next)
            yield return await ReadAsync(entry, cancellationToken);
    }

    public async ValueTask<bool> WaitAsync(EntryId entry, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                ThrowIfDeleted();
                if (entry.Value < _entries.Count)
                    return true;
                if (_state != State.Open)
                    return false;
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Change(State state)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (state != State.Deleted)
                ThrowIfDeleted();
            if (_state == State.Open || state == State.Deleted)
                _state = state;
            changed = TakeSignal();
        }
        changed.TrySetResult();
    }

    private TaskCompletionSource TakeSignal()
    {
        var changed = _changed;
        _changed = NewSignal();
        return changed;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void ThrowIfDeleted()
    {
        if (_state == State.Deleted)
            throw LedgerErrors.NoSuchLedger(id);
    }

    private void ThrowUnlessOpen()
    {
        ThrowIfDeleted();
        if (_state == State.Fenced)
            throw LedgerErrors.Fenced(id);
        if (_state == State.Closed)
            throw LedgerErrors.Closed(id);
    }
}
