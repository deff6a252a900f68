using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;
using Daybook.Core.Transactions;

namespace Daybook.Core.Partitions;

/// <summary>
/// Calls handlers and records what they decide. A command that fails in any way leaves no record and no changed state behind
/// (invariants J7, J10).
/// </summary>
internal sealed class Decider(PartitionMachine machine, BookModel model, IPartitionEffects effects)
{
    private readonly DecisionPlan _plan = new(model.Codec, model.ChecksFolds);

    /// <summary>Decides a command of one aggregate.</summary>
    public void Decide(WriteWork work, StreamHead head, object? state)
    {
        try
        {
            if (!work.Expected.Allows(new StreamVersion(head.Version)))
            {
                var at = machine.Recorder.Conflict(work, head);
                Conclude(work, at, new Outcome.Conflict(work.Id, work.First.Stream, new StreamVersion(head.Version)));
                return;
            }
            var target = work.First;
            var version = head.Version;
            var writes = Ask(
                work, new ReadOnlySpan<Target>(in target), new ReadOnlySpan<object?>(in state), new ReadOnlySpan<long>(in version), out var decision);
            if (writes is null)
                Reject(work, decision);
            else if (writes is [var write])
                Record(work, head, write);
            else
                Record(work, [], version);
        }
        catch (DaybookException e)
        {
            work.Fail(e);
        }
    }

    /// <summary>Calls the handler, unless an aggregate that must exist is absent, and folds what it decided into new states.</summary>
    /// <returns>Null when it was rejected.</returns>
    public List<StreamWrite>? Ask(
        WriteWork work, ReadOnlySpan<Target> targets, ReadOnlySpan<object?> states, ReadOnlySpan<long> versions, out Decision decision)
    {
        if (work.NeedsState && Absent(targets, states) is { } absent)
        {
            decision = Decision.Reject("not-found", $"'{absent}' does not exist.");
            return null;
        }
        effects.EnterHandler(work);
        try
        {
            decision = work.Decide(states, new CommandContext(work.Id, new DateTimeOffset(machine.Now, TimeSpan.Zero), work.Options.Tenant));
            return decision.IsRejected ? null : Plan(work, decision, targets, states, versions);
        }
        finally
        {
            effects.LeaveHandler();
        }
    }

    /// <summary>What a decision does; one that cannot be carried out is a fault of the handler, which the error names by its
    /// command.</summary>
    private List<StreamWrite> Plan(
        WriteWork work, Decision decision, ReadOnlySpan<Target> targets, ReadOnlySpan<object?> states, ReadOnlySpan<long> versions)
    {
        try
        {
            return _plan.Make(decision, targets, states, versions);
        }
        catch (DaybookException e) when (e.Code is ErrorCode.HandlerFailed or ErrorCode.UnknownType)
        {
            throw work.Unrecordable(e);
        }
    }

    public void Reject(WriteWork work, Decision decision)
    {
        var at = machine.Recorder.Rejected(work, decision.Reason!, decision.Detail);
        Conclude(work, at, new Outcome.Rejected(work.Id, decision.Reason!, decision.Detail));
    }

    /// <summary>Records a command whose events all lie in this partition.</summary>
    public void Record(WriteWork work, ReadOnlySpan<StreamWrite> writes, long resultVersion)
    {
        var at = machine.Recorder.Events(work, writes, resultVersion);
        Accept(work, at, resultVersion);
        Apply(writes, at);
    }

    /// <summary>Notes a command as accepted by the record just written.</summary>
    public void Accept(WriteWork work, Location at, long resultVersion)
    {
        var position = new Position(machine.Id, machine.Batches.Open.Entry.Next.Plus(-1));
        Conclude(work, at, new Outcome.Accepted(work.Id, position, new StreamVersion(resultVersion)));
    }

    /// <summary>Advances streams of this partition by a record just written, or by the prepared one that it resolves.</summary>
    public void Apply(ReadOnlySpan<StreamWrite> writes, Location at)
    {
        var batch = machine.Batches.Open.Number;
        foreach (var write in writes)
            Apply(machine.State.Streams.GetOrAdd(write.Stream.Value), write, at, batch);
    }

    private void Apply(StreamHead head, in StreamWrite write, Location at, long batch)
    {
        (head.Version, head.Last) = (write.LastVersion, at);
        machine.Cache.Put(head, write.State, write.StateIsKnown).ChangedIn = batch;
        if (write.StateIsKnown && write.State is { } state)
            machine.Recorder.SnapshotIfDue(head, write.Model!, state);
    }

    private void Record(WriteWork work, StreamHead head, in StreamWrite write)
    {
        var at = machine.Recorder.Events(work, head, write);
        Accept(work, at, write.LastVersion);
        Apply(head, write, at, machine.Batches.Open.Number);
    }

    private static StreamId? Absent(ReadOnlySpan<Target> targets, ReadOnlySpan<object?> states)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            if (targets[i].Required && states[i] is null)
                return targets[i].Stream;
        }
        return null;
    }

    private void Conclude(WriteWork work, Location at, Outcome outcome)
    {
        machine.State.Commands.Add(work.Id, at);
        machine.Batches.Open.Outcomes.Add(new(work, outcome));
    }
}
