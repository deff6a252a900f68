namespace Daybook.BookKeeper.Reading;

/// <summary>The waits for entries. A wait is completed on a thread of its own, outside of the lock. Safe for many threads.</summary>
internal sealed class Waiters
{
    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiting = [];

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _waiting.Count == 0;
        }
    }

    /// <summary>Waits for an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="left">Called when the wait was cancelled.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<bool> AddAsync(EntryId entry, Action left, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(entry);
        lock (_lock)
            _waiting.Add(waiter);
        await using var giveUp = cancellationToken.UnsafeRegister((_, token) => GiveUp(waiter, left, token), null).ConfigureAwait(false);
        return await waiter.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Completes the waits whose entry may be read now, and all of them when the ledger is closed.</summary>
    public void Settle(LedgerKnowledge known)
    {
        foreach (var waiter in Take(waiter => known.IsClosed || waiter.Entry <= known.LastEntry))
            waiter.Done.TrySetResult(waiter.Entry <= known.LastEntry);
    }

    /// <summary>Fails all of them, each with an exception of its own.</summary>
    public void Fail(Func<Exception> failure)
    {
        foreach (var waiter in Take(_ => true))
            waiter.Done.TrySetException(failure());
    }

    private List<Waiter> Take(Predicate<Waiter> which)
    {
        lock (_lock)
        {
            var taken = _waiting.FindAll(which);
            _waiting.RemoveAll(which);
            return taken;
        }
    }

    private void GiveUp(Waiter waiter, Action left, CancellationToken cancellationToken)
    {
        lock (_lock)
            _waiting.Remove(waiter);
        waiter.Done.TrySetCanceled(cancellationToken);
        left();
    }

    private sealed class Waiter(EntryId entry)
    {
        public EntryId Entry => entry;

        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
