using Daybook.Core.Journals;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;
using Daybook.Core.Streams;
using Daybook.Core.Transactions;

namespace Daybook.Core.Tests.Simulation;

/// <summary>
/// One ownership in a simulation: does what <see cref="PartitionOwner"/> does with its machine, but when the scheduler says so and on the
/// scheduler's thread.
/// </summary>
internal sealed class SimulatedOwner : IPartitionEffects
{
    private readonly Simulation _simulation;
    private readonly EventStreamReader _streams;
    private readonly Queue<WorkItem> _mail = [];
    private readonly Queue<Batch> _accepted = [];
    private readonly Queue<WorkItem> _loads = [];
    private readonly List<Action> _abandoned = [];
    private readonly SimulatedRecoveryPoint _recoveryPoint;

    public SimulatedOwner(Simulation simulation, PartitionId id, Journal journal, PartitionState state)
    {
        (_simulation, Id, Journal) = (simulation, id, journal);
        _streams = new EventStreamReader(id, journal, simulation.Model.Codec);
        var orders = journal.OrdersAcrossLedgers;
        var context = new PartitionContext(id, simulation.Map, journal.Epoch, journal.Ledger, journal.RecoveredNext, orders);
        Machine = new PartitionMachine(context, state, simulation.Model, simulation.Limits, this);
        _recoveryPoint = new SimulatedRecoveryPoint(this);
        _mail.Enqueue(new Begin());
    }

    public PartitionId Id { get; }

    public Journal Journal { get; }

    public PartitionMachine Machine { get; }

    /// <summary>Why it is over; null while it goes on.</summary>
    public DaybookException? Failure { get; private set; }

    /// <summary>True when its process is gone: it does nothing any more, not even answer.</summary>
    public bool HasVanished { get; private set; }

    public bool HasMail => !HasVanished && _mail.Count > 0;

    public bool HasLoads => !HasVanished && _loads.Count > 0;

    public bool IsIdle => !HasMail && !HasLoads && Machine.Batches.InFlight == 0 && !Machine.Batches.Open.HasRecords;

    public void Post(WorkItem work)
    {
        if (Failure is not null)
            work.Refuse(PartitionErrors.NothingWritten(Id, Failure));
        else
            _mail.Enqueue(work);
    }

    /// <summary>Posts a client's request; its client hears that it is in doubt if this process vanishes.</summary>
    public void Post(WorkItem work, Action abandoned)
    {
        _abandoned.Add(abandoned);
        Post(work);
    }

    /// <summary>The thread pool runs the owner once.</summary>
    public void Turn(int most)
    {
        Machine.BeginTurn(_simulation.Now);
        for (; most > 0 && Failure is null && _mail.TryDequeue(out var work); most--)
            Machine.Take(_simulation.Sabotaged(this, work));
        if (Failure is not null)
            return;
        Machine.EndTurn();
        while (Failure is null && _accepted.TryDequeue(out var batch))
            Machine.Accepted(batch);
    }

    public void FinishLoad() => Post(_loads.Dequeue());

    /// <summary>Goes on in another ledger, if nothing is open or in flight.</summary>
    public void Roll()
    {
        if (Machine.Batches.InFlight > 0 || Machine.Batches.Open.HasRecords || Failure is not null)
            return;
        Guarded(() =>
        {
            Done.Of(Journal.RollAsync(Machine.Batches.Open.Entry.Next, CancellationToken.None));
            Machine.Batches.Roll(Journal.Ledger);
            _simulation.Count.Rolls++;
        });
    }

    /// <summary>Takes the next slice of a recovery point, or begins one.</summary>
    public void TakeRecoveryPoint(int streams) => Guarded(() => _recoveryPoint.Step(streams));

    public void Stop(DaybookException why)
    {
        if (Failure is not null || HasVanished)
            return;
        Failure = why;
        Machine.Abandon(why);
        while (_mail.TryDequeue(out var work))
            work.Refuse(PartitionErrors.NothingWritten(Id, why));
        _simulation.Ended(this);
    }

    /// <summary>The process dies. The network reports that to those that wait for it.</summary>
    public void Vanish()
    {
        HasVanished = true;
        _abandoned.ForEach(abandoned => abandoned());
        _simulation.Ended(this);
    }

    bool IPartitionEffects.IsSurelyOwner => true;

    void IPartitionEffects.Append(Batch batch)
    {
        if (Failure is not null)
            return;
        _simulation.Count.Transactions += batch.Messages.Count(message => message is DecisionMessage { Commit: true });
        _simulation.Sealed(this, batch);
        var task = Journal.AppendAsync(batch.Entry.Bytes);
        if (task.IsFaulted)
        {
            Stop((DaybookException)task.Exception!.InnerException!);
            return;
        }
        _accepted.Enqueue(batch);
        if (task.IsCompleted)
            Post(new EntryDurable());
        else
            task.GetAwaiter().OnCompleted(() => Appended(task));
    }

    void IPartitionEffects.Send(TransactionMessage message)
    {
        if (Failure is null && !HasVanished)
            _simulation.Network.Send(Id, message);
    }

    void IPartitionEffects.Load(StreamHead head, AggregateModel model)
    {
        var view = new StreamView(head.Version, head.Last, head.Snapshot, head.SnapshotVersion, null);
        try
        {
            _loads.Enqueue(new StateLoaded(head, Fold(head.Name, view, model), null));
        }
        catch (DaybookException e)
        {
            _simulation.Broken($"partition {Id} cannot read '{head.Name}': {e.Message}");
            _loads.Enqueue(new StateLoaded(head, null, e));
        }
    }

    void IPartitionEffects.Answer(List<KeyValuePair<WriteWork, Outcome>> answers)
    {
        foreach (var (work, outcome) in answers)
            work.Answer(outcome);
    }

    void IPartitionEffects.AnswerFromRecord(WriteWork work, Location record)
    {
        _simulation.Count.Duplicates++;
        work.Answer(Done.Of(new RecordReader(Journal).ReadOutcomeAsync(Id, record, CancellationToken.None)));
    }

    void IPartitionEffects.Advanced(JournalOffset head)
    {
    }

    void IPartitionEffects.EnterHandler(WriteWork? work) => Witness.Enter(_simulation.Witness, Machine.Epoch);

    void IPartitionEffects.LeaveHandler() => Witness.Leave();

    public object? Fold(string stream, StreamView view, AggregateModel model) =>
        Done.Of(_streams.FoldAsync(stream, view, model, view.Version, CancellationToken.None));

    private void Appended(Task<EntryId> task)
    {
        if (HasVanished)
            return;
        if (task.IsCompletedSuccessfully)
            Post(new EntryDurable());
        else
            Post(new Ending(this, (DaybookException)task.Exception!.InnerException!));
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (DaybookException e)
        {
            Stop(e);
        }
    }

    private sealed class Begin : OwnerNews
    {
        public override void Run(PartitionMachine machine) => machine.Transactions.Start();
    }

    private sealed class Ending(SimulatedOwner owner, DaybookException why) : OwnerNews
    {
        public override void Run(PartitionMachine machine) => owner.Stop(why);
    }
}
