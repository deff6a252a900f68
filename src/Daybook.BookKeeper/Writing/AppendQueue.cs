namespace Daybook.BookKeeper.Writing;

/// <summary>
/// The tasks of a writer's appends, in entry order. They are completed in that order too (invariant L2), by one work item for all that are
/// ready, so that the thread that read a bookie's answer goes on reading. Code that awaits one runs on a thread of its own: code that
/// blocks there holds up no other append.
/// </summary>
/// <remarks>All members but <see cref="Execute"/> are called under the writer's lock.</remarks>
internal sealed class AppendQueue(LedgerId ledger, Lock mutex) : IThreadPoolWorkItem
{
    private readonly Queue<TaskCompletionSource<EntryId>> _pending = [];
    private List<Outcome> _ready = [];
    private List<Outcome> _running = [];
    private bool _isScheduled;

    public Task<EntryId> Add()
    {
        var append = new TaskCompletionSource<EntryId>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending.Enqueue(append);
        return append.Task;
    }

    /// <summary>The first pending one is done.</summary>
    public void Complete(EntryId entry) => Ready(new Outcome(_pending.Dequeue(), entry, null, IsSent: true));

    /// <summary>All pending ones have failed; the first of them is <paramref name="first"/>, the first that no bookie was sent is <paramref name="firstUnsent"/>.</summary>
    public void Fail(EntryId first, EntryId firstUnsent, BookKeeperException failure)
    {
        for (var entry = first; _pending.TryDequeue(out var append); entry = entry.Next)
            Ready(new Outcome(append, entry, failure, entry < firstUnsent));
    }

    public void Execute()
    {
        while (TakeReady() is { Count: > 0 } outcomes)
        {
            foreach (var (append, entry, failure, isSent) in outcomes)
            {
                if (failure is null)
                    append.SetResult(entry);
                else
                    append.SetException(isSent ? WriterErrors.InFlight(ledger, entry, failure) : WriterErrors.Unsent(ledger, entry, failure));
            }
            outcomes.Clear();
        }
    }

    private List<Outcome> TakeReady()
    {
        lock (mutex)
        {
            (_ready, _running) = (_running, _ready);
            _isScheduled = _running.Count > 0;
            return _running;
        }
    }

    private void Ready(Outcome outcome)
    {
        _ready.Add(outcome);
        if (_isScheduled)
            return;
        _isScheduled = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private readonly record struct Outcome(TaskCompletionSource<EntryId> Append, EntryId Entry, BookKeeperException? Failure, bool IsSent);
}
