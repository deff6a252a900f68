namespace Daybook.Testing.Faults;

/// <summary>The appends that a <see cref="FaultyLedgerStore"/> holds back, of all ledgers, in the order of acceptance.</summary>
internal sealed class HeldAppends
{
    private readonly Lock _lock = new();
    private readonly List<HeldAppend> _held = [];
    private readonly Dictionary<LedgerId, long> _firstHidden = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the next addition or release.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
                return _changed.Task;
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _held.Count;
        }
    }

    public bool AnyUnwritten
    {
        get
        {
            lock (_lock)
                return _held.Exists(append => !append.IsWritten);
        }
    }

    public bool Any(LedgerId ledger)
    {
        lock (_lock)
            return _held.Exists(append => append.Ledger == ledger);
    }

    /// <summary>Whether an entry of a ledger is held that is not written yet; what follows it in the ledger may not be either.</summary>
    public bool AnyUnwrittenOf(LedgerId ledger)
    {
        lock (_lock)
            return _held.Exists(append => append.Ledger == ledger && !append.IsWritten);
    }

    /// <summary>The first entry of a ledger whose acknowledgement is held; readers do not see what is stored from there on.</summary>
    public EntryId? FirstHidden(LedgerId ledger)
    {
        lock (_lock)
            return _firstHidden.TryGetValue(ledger, out var first) ? new EntryId(first) : null;
    }

    public void Add(HeldAppend append, EntryId id)
    {
        lock (_lock)
        {
            _held.Add(append);
            _firstHidden.TryAdd(append.Ledger, id.Value);
            Signal();
        }
    }

    public void Release(LedgerId? ledger, int count)
    {
        lock (_lock)
        {
            for (var i = 0; i < _held.Count && count > 0;)
            {
                var append = _held[i];
                if (ledger is not null && append.Ledger != ledger)
                {
                    i++;
                    continue;
                }
                _held.RemoveAt(i);
                count--;
                Uncover(append.Ledger);
                append.Acknowledge();
            }
            Signal();
        }
    }

    /// <summary>Writes everything; acknowledgements stay held.</summary>
    public void WriteAll()
    {
        lock (_lock)
            _held.ForEach(append => append.Write());
    }

    public void FailAll()
    {
        lock (_lock)
        {
            _held.ForEach(append => append.Fail());
            _held.Clear();
            _firstHidden.Clear();
            Signal();
        }
    }

    public async Task WhenCountAsync(int count, CancellationToken cancellationToken)
    {
        for (var changed = Changed; Count < count; changed = Changed)
            await changed.WaitAsync(cancellationToken);
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Uncover(LedgerId ledger)
    {
        if (Any(ledger))
            _firstHidden[ledger]++;
        else
            _firstHidden.Remove(ledger);
    }
}
