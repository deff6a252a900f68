using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Transactions;

namespace Daybook.Core.Partitions;

/// <summary>
/// The owner of a partition as a pure state machine: work in, effects out; no clock, disk, network or thread inside. It decides on
/// speculative state immediately and keeps several entries in flight; every answer waits for the entry that makes it true
/// (invariant J4). After a failed append it is thrown away, and a new one starts from what is durable.
/// </summary>
internal sealed class PartitionMachine
{
    private readonly IPartitionEffects _effects;
    private readonly PartitionLimits _limits;
    private readonly Decider _decider;
    private readonly bool _ordered;
    private readonly Queue<WorkItem> _resuming = [];
    private readonly List<WorkItem> _broken = [];

    public PartitionMachine(PartitionContext context, PartitionState state, BookModel model, PartitionLimits limits, IPartitionEffects effects)
    {
        (Id, Epoch, Map, _ordered) = (context.Id, context.Epoch, context.Map, context.OrdersAcrossLedgers);
        State = state;
        _limits = limits;
        _effects = effects;
        Batches = new BatchQueue(context.Ledger, context.Next);
        Cache = new StateCache(this, effects, limits.CachedStates);
        Recorder = new Recorder(this, model.Codec, limits, effects);
        Locks = new LockTable(this);
        _decider = new Decider(this, model, effects);
        Transactions = new PartitionTransactions(this, _decider);
    }

    public PartitionId Id { get; }

    public Epoch Epoch { get; }

    public PartitionMap Map { get; }

    public PartitionState State { get; }

    public BatchQueue Batches { get; }

    public StateCache Cache { get; }

    public Recorder Recorder { get; }

    public LockTable Locks { get; }

    public PartitionTransactions Transactions { get; }

    /// <summary>UTC ticks of this turn: the time its events carry.</summary>
    public long Now { get; private set; }

    /// <summary>Begins a turn: some work, then <see cref="EndTurn"/>.</summary>
    public void BeginTurn(long utcTicks) => Now = utcTicks;

    /// <summary>Takes one piece of work, and the waiters that it admits.</summary>
    public void Take(WorkItem work)
    {
        try
        {
            work.Run(this);
            Locks.AdmitWaiters();
        }
        catch (Exception e) when (e is not OwnershipLostException)
        {
            _broken.Add(work);
            throw;
        }
    }

    /// <summary>Sends the open batch off, unless enough is in flight to let it grow.</summary>
    public void EndTurn(bool force = false)
    {
        var open = Batches.Open;
        if (open.HasRecords && (force || Batches.InFlight < _limits.EntriesInFlight || open.Messages.Count > 0))
            Submit();
    }

    /// <summary>Seals the open batch and has it written.</summary>
    public void Submit() => _effects.Append(Batches.Seal(Epoch));

    /// <summary>The ledger has accepted a batch in its order. Where that order spans ledgers, messages may ride on it.</summary>
    public void Accepted(Batch batch)
    {
        if (_ordered)
            Send(batch.Messages);
    }

    /// <summary>The oldest batch in flight is durable: release everything that waited for it.</summary>
    public void Durable()
    {
        var batch = Batches.Complete();
        _effects.Advanced(batch.Entry.Next);
        _effects.Answer(batch.Outcomes);
        foreach (var (work, view) in batch.Reads)
            work.Answer(view);
        Send(batch.Messages);
        Send(batch.DurableMessages);
        Cache.LoadWhatIsDurable();
        foreach (var work in batch.Resume)
            _resuming.Enqueue(work);
        while (_resuming.TryDequeue(out var work))
            Take(work);
        Batches.Recycle(batch);
    }

    /// <summary>A state was folded from durable events; or could not be.</summary>
    public void Loaded(StreamHead head, object? state, DaybookException? error)
    {
        var owner = head.Hot?.Owner ?? throw new InvalidOperationException($"Nobody waits for the state of '{head.Name}'.");
        if (error is null)
        {
            Cache.Put(head, state, isKnown: true);
            owner.Loaded(this, head);
        }
        else
        {
            owner.LoadFailed(this, head, error);
        }
        Locks.AdmitWaiters();
    }

    /// <summary>Starts a command or append.</summary>
    public void Begin(WriteWork work)
    {
        if (work.All is { } targets)
        {
            Transactions.Coordinator.Begin(work, targets);
            return;
        }
        var head = State.Streams.GetOrAdd(work.First.Stream.Value);
        if (head.Hot is null or { IsFree: true })
            Execute(work, head);
        else
            Locks.TryEnter(head, work);
    }

    /// <summary>Decides a command of one aggregate, or gets its state first.</summary>
    public void Execute(WriteWork work, StreamHead head)
    {
        object? state = null;
        if (AnswerDuplicate(work))
        {
            Leave(head, work);
        }
        else if (work.NeedsState && !StateCache.TryGet(head, out state))
        {
            Hold(head, work);
            Cache.Load(head, work.First.Model);
        }
        else
        {
            _decider.Decide(work, head, state);
            Leave(head, work);
        }
    }

    /// <summary>Starts a read.</summary>
    public void Begin(ReadWork work)
    {
        if (State.Streams.Find(work.Stream.Value) is not { } head)
            Answer(work, default);
        else if (head.Hot is null or { IsFree: true })
            Execute(work, head);
        else
            Locks.TryEnter(head, work);
    }

    /// <summary>Reads a stream; the answer waits until what it shows is durable.</summary>
    public void Execute(ReadWork work, StreamHead head)
    {
        object? state = null;
        if (work.Model is not null && !StateCache.TryGet(head, out state))
        {
            Hold(head, work);
            Cache.Load(head, work.Model);
            return;
        }
        var view = new StreamView(head.Version, head.Last, head.Snapshot, head.SnapshotVersion, state);
        if (head.Hot is { } hot && hot.ChangedIn > Batches.Durable)
            Batches[hot.ChangedIn].Reads.Add(new(work, view));
        else
            Answer(work, view);
        Leave(head, work);
    }

    /// <summary>Returns the position of a command's record, once it is durable.</summary>
    public void Begin(OutcomeWork work)
    {
        var at = State.Commands.Find(work.Id);
        if (at is { } location && Batches.Holding(location) is { } batch)
            batch.Resume.Add(work);
        else
            Answer(work, at);
    }

    /// <summary>Answers from memory what is durable, if no other owner can have continued from there (invariant F4).</summary>
    private void Answer<T>(ClientWork<T> work, T what)
    {
        if (_effects.IsSurelyOwner)
            work.Answer(what);
        else
            work.Refuse(PartitionErrors.Unsure(Id));
    }

    /// <summary>Answers a command whose id is in the window from its record, once that is durable (invariant J5).</summary>
    public bool AnswerDuplicate(WriteWork work)
    {
        if (State.Commands.Find(work.Id) is not { } at)
            return false;
        if (Batches.Holding(at) is { } batch)
            batch.Resume.Add(work);
        else
            _effects.AnswerFromRecord(work, at);
        return true;
    }

    /// <summary>Gives a stream back and forgets it if it has no event.</summary>
    public void Leave(StreamHead head, LockWaiter waiter)
    {
        Locks.Leave(head, waiter);
        if (head.Version == 0)
            State.Streams.RemoveIfEmpty(head);
    }

    /// <summary>Sends a message once everything up to a batch is safe: accepted where the store keeps one order, durable elsewhere.</summary>
    public void SendAfter(long batch, TransactionMessage message)
    {
        if (batch <= Batches.Durable || (_ordered && batch < Batches.Open.Number))
            _effects.Send(message);
        else
            Batches[batch].Messages.Add(message);
    }

    /// <summary>Sends a message once everything decided so far is safe.</summary>
    public void SendAfterAll(TransactionMessage message) =>
        SendAfter(Batches.Open.HasRecords ? Batches.Open.Number : Batches.Open.Number - 1, message);

    /// <summary>Sends a message that rests on nothing of this partition's.</summary>
    public void Send(TransactionMessage message) => _effects.Send(message);

    /// <summary>Runs work once everything decided so far is durable: immediately, or after the last batch.</summary>
    public void WhenDurable(WorkItem work)
    {
        if (Batches.Open.HasRecords)
            Batches.Open.Resume.Add(work);
        else if (Batches.Pending is [.., var last])
            last.Resume.Add(work);
        else
            work.Run(this);
    }

    /// <summary>
    /// The owner stops for good. What was handed to the ledger is in doubt; what was not is not written and never will be (invariant T6).
    /// </summary>
    public void Abandon(DaybookException why)
    {
        var nothing = PartitionErrors.NothingWritten(Id, why);
        foreach (var batch in Batches.Pending)
        {
            foreach (var (work, _) in batch.Outcomes)
                work.Answer(new Outcome.InDoubt(work.Id, why.Message));
            Doubt(batch.Resume, why);
            Refuse(batch, nothing);
        }
        Doubt(_resuming, why);
        foreach (var work in _resuming)
            work.Refuse(nothing);
        foreach (var (work, _) in Batches.Open.Outcomes)
            work.Fail(nothing);
        Refuse(Batches.Open, nothing);
        Transactions.Coordinator.Refuse(nothing);
        foreach (var work in _broken)
            work.Refuse(nothing);
        foreach (var hot in State.Streams.All.Select(head => head.Hot).OfType<HotStream>())
        {
            hot.Owner?.Refuse(nothing);
            foreach (var waiter in hot.Waiting ?? [])
                waiter.Refuse(nothing);
        }
    }

    /// <summary>A retry that waited for the record of its first attempt: that record may be there.</summary>
    private static void Doubt(IEnumerable<WorkItem> waiting, DaybookException why)
    {
        foreach (var retry in waiting.OfType<WriteWork>())
            retry.Answer(new Outcome.InDoubt(retry.Id, why.Message));
    }

    private static void Refuse(Batch batch, DaybookException why)
    {
        foreach (var (work, _) in batch.Reads)
            work.Fail(why);
        foreach (var work in batch.Resume)
            work.Refuse(why);
    }

    private void Hold(StreamHead head, LockWaiter waiter)
    {
        Cache.Warm(head).Owner = waiter;
    }

    private void Send(List<TransactionMessage> messages)
    {
        foreach (var message in messages)
            _effects.Send(message);
        messages.Clear();
    }
}
