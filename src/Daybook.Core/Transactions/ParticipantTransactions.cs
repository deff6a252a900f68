using System.Runtime.InteropServices;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.State;

namespace Daybook.Core.Transactions;

/// <summary>
/// The participant's side. After its yes is durable it never decides alone: it holds its streams, even over restarts, and queries the
/// coordinator (invariant T2). Before that it may let go at any time, and a prepare that comes later is refused (T5).
/// </summary>
internal sealed class ParticipantTransactions(PartitionMachine machine, Decider decider)
{
    private readonly Dictionary<TransactionId, ParticipantBranch> _branches = [];
    private readonly Dictionary<PartitionId, Epoch> _coordinators = [];
    private readonly HashSet<PartitionId> _withoutOwner = [];
    private readonly HashSet<TransactionId> _resolving = [];
    private readonly Queue<(long Batch, TransactionId Transaction)> _resolvingInOrder = [];

    /// <summary>Takes the streams of what was prepared and asks how it ended.</summary>
    public void Start()
    {
        foreach (var prepared in machine.State.Prepared.Values)
        {
            var names = prepared.Writes.Select(write => write.Stream).Order(StringComparer.Ordinal);
            var targets = names.Select(name => new Target(new StreamId(name), null!, false)).ToArray();
            var branch = new ParticipantBranch(prepared.Id, targets) { PreparedAt = prepared.At };
            _branches.Add(prepared.Id, branch);
            branch.Hold(machine);
            machine.Send(new QueryMessage(prepared.Id, machine.Id));
        }
    }

    public void Lock(LockMessage message)
    {
        _withoutOwner.Remove(message.Transaction.Coordinator);
        if (_branches.ContainsKey(message.Transaction) || IsStale(message.Transaction))
            return;
        var branch = new ParticipantBranch(message.Transaction, message.Targets);
        _branches.Add(message.Transaction, branch);
        branch.Acquire(machine);
    }

    public void Prepare(PrepareMessage message)
    {
        if (!_branches.TryGetValue(message.Transaction, out var branch) || !branch.IsGranted || message.Epoch != machine.Epoch)
        {
            Vote(message.Transaction, new DaybookException(ErrorCode.NotOwner,
                $"Partition {machine.Id} no longer holds the locks of transaction {message.Transaction}; nothing was written."));
            return;
        }
        if (branch.IsPrepared)
            return;
        try
        {
            branch.PreparedAt = machine.Recorder.Prepared(message);
        }
        catch (DaybookException e)
        {
            Vote(message.Transaction, e);
            return;
        }
        branch.Writes = message.Writes;
        var writes = new PreparedWrite[message.Writes.Count];
        for (var i = 0; i < writes.Length; i++)
            writes[i] = new PreparedWrite(message.Writes[i].Stream.Value, message.Writes[i].LastVersion);
        machine.State.Prepared.Add(message.Transaction, new PreparedTransaction(message.Transaction, branch.PreparedAt, writes));
        machine.Batches.Open.Messages.Add(new VoteMessage(message.Transaction, machine.Id, null));
    }

    public void Resolve(DecisionMessage message)
    {
        _withoutOwner.Remove(message.Transaction.Coordinator);
        ForgetResolved();
        if (!_branches.Remove(message.Transaction, out var branch))
        {
            // A repeated decision: acknowledge it again, unless the resolved record is still in flight; it is acknowledged when that is
            // durable.
            if (message.Commit && !_resolving.Contains(message.Transaction))
                machine.Send(new AppliedMessage(message.Transaction, machine.Id));
            return;
        }
        if (branch.IsPrepared)
            Conclude(branch, message.Commit);
        branch.Release(machine);
    }

    public void PeerUp(PartitionId coordinator, Epoch epoch)
    {
        _coordinators[coordinator] = epoch;
        _withoutOwner.Remove(coordinator);
        foreach (var branch in _branches.Values.Where(branch => branch.Transaction.Coordinator == coordinator && branch.Transaction.CoordinatorEpoch < epoch).ToArray())
        {
            if (branch.IsPrepared)
                machine.Send(new QueryMessage(branch.Transaction, machine.Id));
            else
                LetGo(branch);
        }
    }

    /// <summary>
    /// The owner of a coordinator has failed, and its next owner may be long in coming. Transactions that it had not prepared here end, so
    /// their locks delay no other. Prepared ones stay, and query the next owner (invariant T2).
    /// </summary>
    public void PeerDown(PartitionId coordinator, Epoch ended)
    {
        if (!_coordinators.TryGetValue(coordinator, out var known) || known <= ended)
            _coordinators[coordinator] = ended.Next;
        foreach (var branch in _branches.Values
                     .Where(branch => branch.Transaction.Coordinator == coordinator && branch.Transaction.CoordinatorEpoch <= ended && !branch.IsPrepared)
                     .ToArray())
            LetGo(branch);
    }

    /// <summary>
    /// A coordinator has no owner for an unknown time: requests that wait for streams that it had prepared here are refused, and so are
    /// later ones before it has one again. They may try again; the streams stay held.
    /// </summary>
    public void TurnAwayWaitersFor(PartitionId coordinator)
    {
        _withoutOwner.Add(coordinator);
        foreach (var branch in _branches.Values.Where(branch => branch.Transaction.Coordinator == coordinator && branch.IsPrepared).ToArray())
            branch.TurnAwayWaiters(machine, Doubt(branch));
    }

    /// <summary>Why nobody can wait for a stream of this owner; null when it will be given back in time.</summary>
    public DaybookException? InDoubt(LockWaiter? owner) =>
        owner is ParticipantBranch { IsPrepared: true } branch && _withoutOwner.Contains(branch.Transaction.Coordinator) ? Doubt(branch) : null;

    private static DaybookException Doubt(ParticipantBranch branch) => new(ErrorCode.NotOwner,
        $"A stream is held by transaction {branch.Transaction}, whose coordinator, partition {branch.Transaction.Coordinator}, has no owner at the moment; nothing was written.");

    private void LetGo(ParticipantBranch branch)
    {
        _branches.Remove(branch.Transaction);
        branch.Release(machine);
    }

    private void Conclude(ParticipantBranch branch, bool commit)
    {
        var at = machine.Recorder.Resolved(new ResolvedRecord(branch.Transaction, commit, branch.PreparedAt));
        var open = machine.Batches.Open;
        machine.State.Prepared.Remove(branch.Transaction, out var prepared);
        if (!commit)
            return;
        open.DurableMessages.Add(new AppliedMessage(branch.Transaction, machine.Id));
        _resolving.Add(branch.Transaction);
        _resolvingInOrder.Enqueue((open.Number, branch.Transaction));
        if (branch.Writes is not null)
        {
            decider.Apply(CollectionsMarshal.AsSpan(branch.Writes), at);
            return;
        }
        foreach (var write in prepared!.Writes)
        {
            var head = machine.State.Streams.GetOrAdd(write.Stream);
            (head.Version, head.Last) = (write.LastVersion, at);
            machine.Cache.Put(head, null, isKnown: false);
            head.Hot!.ChangedIn = open.Number;
        }
    }

    private void Vote(TransactionId transaction, DaybookException refusal) =>
        machine.Send(new VoteMessage(transaction, machine.Id, refusal));

    private bool IsStale(TransactionId transaction) =>
        _coordinators.TryGetValue(transaction.Coordinator, out var epoch) && transaction.CoordinatorEpoch < epoch;

    private void ForgetResolved()
    {
        while (_resolvingInOrder.TryPeek(out var first) && first.Batch <= machine.Batches.Durable)
            _resolving.Remove(_resolvingInOrder.Dequeue().Transaction);
    }
}
