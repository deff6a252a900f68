using Daybook.BookKeeper.Wire;

namespace Daybook.Bookie.Serving;

internal sealed partial class LedgerService
{
    /// <summary>The number of reads that wait for a LAC.</summary>
    public int WaitingPolls
    {
        get
        {
            lock (Mutex)
                return _polls.Count;
        }
    }

    private void Poll(in ReadPlan plan, EntryId previousLac, in ReadRequest request)
    {
        var isPiggyback = (request.Options & ReadOptions.Piggyback) != 0;
        var ledger = Table.Find(plan.Ledger);
        if (isPiggyback && request.Entry != EntryId.None)
            Refuse(plan, BookieStatus.BadRequest);
        else if (ledger is null)
            Refuse(plan, Absent(BookieStatus.NoLedger));
        else if (ledger.Lac > previousLac || request.Timeout <= 0)
            Answer(new LongPoll(plan.Caller, plan.Ledger, plan.Wanted, previousLac, isPiggyback), updated: null);
        else if (_polls.IsFull)
            Refuse(plan, BookieStatus.TooManyRequests);
        else
        {
            TimeSpan? patience = request.Timeout is { } asked and < int.MaxValue ? TimeSpan.FromMilliseconds(asked) : null;
            _polls.Add(new LongPoll(plan.Caller, plan.Ledger, plan.Wanted, previousLac, isPiggyback), patience);
        }
    }

    private void OnExpired() => Run(() =>
    {
        foreach (var poll in _polls.TakeExpired())
            Answer(poll, updated: null);
    });

    private void Answer(IReadOnlyList<LongPoll> woken)
    {
        if (woken.Count == 0)
            return;
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var poll in woken)
            Answer(poll, now);
    }

    private void Answer(LongPoll poll, long? updated)
    {
        var plan = new ReadPlan(poll.Caller, poll.Ledger, poll.Entry, poll.Entry) { LacUpdated = updated };
        if (!poll.IsPiggyback)
            Serve(plan);
        else if (Table.Find(poll.Ledger) is { } ledger && ledger.Lac > poll.PreviousLac)
            Serve(plan with { Wanted = poll.PreviousLac.Next, ReplyEntry = poll.PreviousLac.Next, IsPiggyback = true });
        else if (Table.Find(poll.Ledger) is { } quiet)
            poll.Caller.Read(new ReadResponse(BookieStatus.Ok, poll.Ledger, EntryId.None, default, quiet.Lac));
        else
            Refuse(plan, Absent(BookieStatus.NoLedger));
    }
}
