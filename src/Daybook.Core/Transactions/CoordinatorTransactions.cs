using System.Runtime.InteropServices;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Transactions;

/// <summary>
/// The coordinator's side: lock in one global order, decide on all states, have the participants prepare, write the decision. A
/// transaction is committed if and only if its decision record is in this journal (invariants T1, T3); no record means abort, and only an
/// owner that has sealed and replayed the journal may answer so (T4).
/// </summary>
internal sealed class CoordinatorTransactions(PartitionMachine machine, Decider decider)
{
    private readonly Dictionary<TransactionId, CoordinatorTransaction> _active = [];
    private long _lastNumber;

    /// <summary>Sends again what was decided and not yet resolved everywhere.</summary>
    public void Start()
    {
        foreach (var (id, participants) in machine.State.Decided)
        {
            foreach (var participant in participants)
                machine.Send(new DecisionMessage(id, participant, commit: true));
        }
    }

    public void Begin(WriteWork work, Target[] targets)
    {
        var id = new TransactionId(machine.Id, machine.Epoch, ++_lastNumber);
        var transaction = new CoordinatorTransaction(id, work, targets, machine.Map);
        _active.Add(id, transaction);
        LockNext(transaction);
    }

    public void Granted(GrantMessage message)
    {
        if (!_active.TryGetValue(message.Transaction, out var transaction))
        {
            // A lock that came after the end of its transaction: nobody else would ever let go of it.
            SendOutcome(message.Transaction, message.From);
            return;
        }
        if (transaction.Locking?.Partition != message.From)
            return;
        if (message.Error is not null)
            Fail(transaction, message.Error);
        else
            Granted(transaction, message.States, message.Versions, message.Epoch);
    }

    public void Granted(CoordinatorTransaction transaction, object?[] states, long[] versions, Epoch epoch)
    {
        transaction.Granted(states, versions, epoch);
        LockNext(transaction);
    }

    public void Voted(VoteMessage message)
    {
        if (!_active.TryGetValue(message.Transaction, out var transaction) || !transaction.IsPreparing)
            return;
        if (message.Refusal is not null)
            Fail(transaction, message.Refusal);
        else if (transaction.Voted(message.From))
            Commit(transaction);
    }

    /// <summary>A participant does not know how a transaction ended that it voted for.</summary>
    public void Asked(QueryMessage message)
    {
        if (!_active.ContainsKey(message.Transaction))
            SendOutcome(message.Transaction, message.From);
    }

    /// <summary>A participant has durably resolved; after the last one the decision may be forgotten (invariant T7).</summary>
    public void Resolved(AppliedMessage message)
    {
        if (!machine.State.Decided.TryGetValue(message.Transaction, out var participants))
            return;
        participants.Remove(message.From);
        if (participants.Count > 0)
            return;
        machine.State.Decided.Remove(message.Transaction);
        machine.Recorder.End(message.Transaction);
    }

    /// <summary>A participant lost its memory: what waits for its locks or its vote is over; what was decided is sent to it
    /// again.</summary>
    public void PeerUp(PartitionId peer)
    {
        foreach (var (id, _) in machine.State.Decided.Where(decided => decided.Value.Contains(peer)))
            SendOutcome(id, peer);
        FailThoseOf(peer, "changed its owner during the transaction");
    }

    /// <summary>A participant has no owner, and nobody knows for how long: what waits for its locks or its vote is over, and so are the locks held for it.</summary>
    public void PeerDown(PartitionId peer) => FailThoseOf(peer, "has no owner at the moment");

    /// <summary>The owner stops: nothing of these was decided.</summary>
    public void Refuse(DaybookException why)
    {
        foreach (var transaction in _active.Values)
            transaction.Work.Fail(why);
    }

    /// <summary>Aborts: nothing was decided, so nothing is written.</summary>
    public void Fail(CoordinatorTransaction transaction, DaybookException error)
    {
        LetGo(transaction, committed: false);
        transaction.Work.Fail(error);
    }

    private void LockNext(CoordinatorTransaction transaction)
    {
        if (transaction.Locking is not { } branch)
        {
            Decide(transaction);
        }
        else if (branch.Partition == machine.Id)
        {
            transaction.Local = new CoordinatorBranch(transaction, branch.Targets);
            transaction.Local.Acquire(machine);
        }
        else
        {
            machine.Send(new LockMessage(transaction.Id, branch.Partition, branch.Targets));
        }
    }

    private void Decide(CoordinatorTransaction transaction)
    {
        var work = transaction.Work;
        if (machine.AnswerDuplicate(work))
        {
            LetGo(transaction, committed: false);
            return;
        }
        try
        {
            if (decider.Ask(work, transaction.Targets, transaction.States, transaction.Versions, out var decision) is not { } writes)
            {
                decider.Reject(work, decision);
                LetGo(transaction, committed: false);
                return;
            }
            transaction.Decided(writes);
            Prepare(transaction);
        }
        catch (DaybookException e)
        {
            Fail(transaction, e);
        }
    }

    private void Prepare(CoordinatorTransaction transaction)
    {
        List<StreamWrite> own = [];
        var isAlone = true;
        foreach (var branch in transaction.Branches)
        {
            if (branch.Partition == machine.Id)
            {
                own = branch.Writes;
            }
            else if (branch.Writes.Count > 0)
            {
                isAlone = false;
                branch.IsAwaited = true;
                machine.Send(new PrepareMessage(transaction.Id, branch.Partition, branch.Epoch, transaction.Work.Header(machine.Now) with { Fingerprint = 0 }, branch.Writes));
            }
        }
        if (!isAlone)
            return;
        decider.Record(transaction.Work, CollectionsMarshal.AsSpan(own), transaction.ResultVersion);
        LetGo(transaction, committed: false);
    }

    private void Commit(CoordinatorTransaction transaction)
    {
        if (machine.AnswerDuplicate(transaction.Work))
        {
            LetGo(transaction, committed: false);
            return;
        }
        var participants = new List<PartitionId>(transaction.Branches.Length);
        List<StreamWrite> own = [];
        foreach (var branch in transaction.Branches)
        {
            if (branch.Partition == machine.Id)
                own = branch.Writes;
            else if (branch.Writes.Count > 0)
                participants.Add(branch.Partition);
        }
        try
        {
            var version = transaction.ResultVersion;
            var at = machine.Recorder.Decision(transaction.Id, participants, transaction.Work, CollectionsMarshal.AsSpan(own), version);
            machine.State.Decided.Add(transaction.Id, participants);
            foreach (var participant in participants)
                machine.Batches.Open.Messages.Add(new DecisionMessage(transaction.Id, participant, commit: true));
            decider.Accept(transaction.Work, at, version);
            decider.Apply(CollectionsMarshal.AsSpan(own), at);
        }
        catch (DaybookException e)
        {
            Fail(transaction, e);
            return;
        }
        LetGo(transaction, committed: true);
    }

    /// <summary>
    /// Sends the outcome of a transaction that is no longer active. Its decision may still be in flight, and until it is safe it is none
    /// (invariant T3).
    /// </summary>
    private void SendOutcome(TransactionId id, PartitionId participant)
    {
        if (id.CoordinatorEpoch <= machine.Epoch)
            machine.SendAfterAll(new DecisionMessage(id, participant, machine.State.Decided.ContainsKey(id)));
    }

    /// <summary>Gives back all locks; participants with events keep theirs when it was committed, until they receive the commit.</summary>
    private void LetGo(CoordinatorTransaction transaction, bool committed)
    {
        _active.Remove(transaction.Id);
        transaction.Local?.Release(machine);
        foreach (var branch in transaction.Asked)
        {
            if (branch.Partition != machine.Id && !(committed && branch.Writes.Count > 0))
                machine.Send(new DecisionMessage(transaction.Id, branch.Partition, commit: false));
        }
    }

    private void FailThoseOf(PartitionId peer, string why)
    {
        foreach (var transaction in _active.Values.Where(t => HasAsked(t, peer)).ToArray())
            Fail(transaction, new DaybookException(ErrorCode.NotOwner, $"Partition {peer} {why}; nothing was written."));
    }

    private static bool HasAsked(CoordinatorTransaction transaction, PartitionId peer)
    {
        foreach (var branch in transaction.Asked)
        {
            if (branch.Partition == peer)
                return true;
        }
        return false;
    }
}
