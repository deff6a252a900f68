using Daybook.Core.Partitions;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Transactions;

namespace Daybook.Core.Tests.Simulation;

/// <summary>Commits the seeded bugs that lie in an owner's doing: between its machine and the world, or in what it remembers.</summary>
internal sealed class Sabotage(Simulation simulation)
{
    private SeededBug Bug => simulation.Settings.Bug;

    /// <summary>What the machine gets instead of a piece of work.</summary>
    public WorkItem Of(SimulatedOwner owner, WorkItem work) => (Bug, work) switch
    {
        (SeededBug.ParticipantUnlocksEarly, PrepareMessage prepare) =>
            new Then(work, machine => Unlock(machine, waiter => waiter is ParticipantBranch branch && branch.Transaction == prepare.Transaction)),
        (SeededBug.HomeUnlocksEarly, GrantMessage) => new Then(work, machine => Unlock(machine, waiter => waiter is CoordinatorBranch)),
        (SeededBug.ReadBeforeDurability, ReadWork) => new Then(work, AnswerReads),
        _ => work,
    };

    /// <summary>A batch is about to be sent off.</summary>
    public void Sealed(SimulatedOwner owner, Batch batch)
    {
        foreach (var (work, outcome) in batch.Outcomes.Where(_ => Bug == SeededBug.ReplyBeforeDurability))
            work.Answer(outcome);
        foreach (var message in batch.Messages)
        {
            if ((Bug == SeededBug.VoteBeforePrepare && message is VoteMessage)
                || (Bug == SeededBug.CommitBeforeDecision && message is DecisionMessage { Commit: true }))
                simulation.Network.Send(owner.Id, message);
        }
    }

    /// <summary>A new owner has folded its journal.</summary>
    public void Recovered(PartitionState state)
    {
        if (Bug == SeededBug.LegLost)
            state.Prepared.Clear();
        if (Bug == SeededBug.DecisionForgotten)
            state.Decided.Clear();
    }

    private static void Unlock(PartitionMachine machine, Predicate<LockWaiter> matches)
    {
        foreach (var head in machine.State.Streams.All.ToArray())
        {
            if (head.Hot?.Owner is { } owner && matches(owner))
                machine.Leave(head, owner);
        }
    }

    private static void AnswerReads(PartitionMachine machine)
    {
        foreach (var (read, view) in machine.Batches.Pending.Append(machine.Batches.Open).SelectMany(batch => batch.Reads))
            read.Answer(view);
    }

    private sealed class Then(WorkItem work, Action<PartitionMachine> next) : WorkItem
    {
        public override void Run(PartitionMachine machine)
        {
            work.Run(machine);
            next(machine);
        }

        public override void Refuse(DaybookException why) => work.Refuse(why);
    }
}
