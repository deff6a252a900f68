namespace Daybook.Bookie.Serving;

/// <summary>Reads that wait until the LAC of a ledger rises. Guarded by the mutex of the service; one timer for all.</summary>
internal sealed class LongPolls : IDisposable
{
    /// <summary>The maximum number of waiting reads.</summary>
    public const int Most = 10_000;

    /// <summary>The maximum wait, regardless of the requested one.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    private readonly Dictionary<LedgerId, List<LongPoll>> _waiting = [];
    private readonly PriorityQueue<LongPoll, long> _deadlines = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;
    private int _alive;

    /// <param name="time">The clock.</param>
    /// <param name="expired">Called, without the mutex, when <see cref="TakeExpired"/> has something to return.</param>
    public LongPolls(TimeProvider time, Action expired)
    {
        _time = time;
        _timer = time.CreateTimer(_ => expired(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => _alive;

    public bool IsFull => _alive >= Most;

    public void Add(LongPoll poll, TimeSpan? patience)
    {
        var wait = patience is { } asked && asked < s_longest ? asked : s_longest;
        var deadline = _time.GetTimestamp() + (long)(wait.TotalSeconds * _time.TimestampFrequency);
        if (!_waiting.TryGetValue(poll.Ledger, out var polls))
            _waiting[poll.Ledger] = polls = [];
        polls.Add(poll);
        _alive++;
        if (_deadlines.Count > 2 * _alive + 1024)
            Tidy();
        _deadlines.Enqueue(poll, deadline);
        Arm();
    }

    /// <summary>Removes and returns the reads that a new LAC answers.</summary>
    public IReadOnlyList<LongPoll> TakeWoken(LedgerId ledger, EntryId lac)
    {
        if (_waiting.Count == 0 || !_waiting.TryGetValue(ledger, out var polls))
            return [];
        var woken = polls.Where(poll => !poll.IsOver && lac > poll.PreviousLac).ToList();
        polls.RemoveAll(poll => poll.IsOver || lac > poll.PreviousLac);
        if (polls.Count == 0)
            _waiting.Remove(ledger);
        woken.ForEach(End);
        return woken;
    }

    /// <summary>Removes and returns the reads whose wait has ended.</summary>
    public IReadOnlyList<LongPoll> TakeExpired()
    {
        var expired = new List<LongPoll>();
        var now = _time.GetTimestamp();
        while (_deadlines.TryPeek(out var poll, out var deadline) && (deadline <= now || poll.IsOver))
        {
            _deadlines.Dequeue();
            if (!poll.IsOver && _waiting.TryGetValue(poll.Ledger, out var polls) && polls.Remove(poll) && polls.Count == 0)
                _waiting.Remove(poll.Ledger);
            if (poll.IsOver)
                continue;
            expired.Add(poll);
            End(poll);
        }
        _armedFor = long.MaxValue;
        Arm();
        return expired;
    }

    /// <summary>Removes and returns all reads of one ledger, or all reads.</summary>
    public IReadOnlyList<LongPoll> TakeAll(LedgerId? ledger = null)
    {
        var taken = _waiting.Where(pair => ledger is null || pair.Key == ledger).SelectMany(pair => pair.Value).Where(poll => !poll.IsOver).ToList();
        foreach (var poll in taken)
        {
            End(poll);
            _waiting.Remove(poll.Ledger);
        }
        return taken;
    }

    public void Dispose() => _timer.Dispose();

    private void End(LongPoll poll)
    {
        poll.IsOver = true;
        _alive--;
    }

    /// <summary>Removes answered reads whose deadline is still in the future.</summary>
    private void Tidy()
    {
        var rest = _deadlines.UnorderedItems.Where(item => !item.Element.IsOver).ToList();
        _deadlines.Clear();
        _deadlines.EnqueueRange(rest);
    }

    private void Arm()
    {
        if (!_deadlines.TryPeek(out _, out var deadline) || deadline >= _armedFor)
            return;
        _armedFor = deadline;
        var wait = Math.Max(0, deadline - _time.GetTimestamp()) * 1000 / _time.TimestampFrequency + 1;
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }
}

/// <summary>A waiting read.</summary>
/// <param name="caller">The caller to answer.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="entry">The requested entry.</param>
/// <param name="previousLac">The LAC that it knows already.</param>
/// <param name="isPiggyback">Whether the answer should include the next entry.</param>
internal sealed class LongPoll(Caller caller, LedgerId ledger, EntryId entry, EntryId previousLac, bool isPiggyback)
{
    public Caller Caller => caller;

    public LedgerId Ledger => ledger;

    public EntryId Entry => entry;

    public EntryId PreviousLac => previousLac;

    public bool IsPiggyback => isPiggyback;

    /// <summary>Whether it is answered and only has to be removed.</summary>
    public bool IsOver { get; set; }
}
