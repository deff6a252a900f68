using Daybook.Core.Modeling;
using Daybook.Core.Partitions;

namespace Daybook.Core.Transactions;

/// <summary>The coordinator's own streams of a transaction.</summary>
internal sealed class CoordinatorBranch(CoordinatorTransaction transaction, Target[] targets) : Branch(targets)
{
    public override void Run(PartitionMachine machine) => Acquire(machine);

    public override void Refuse(DaybookException why) => transaction.Work.Refuse(why);

    public override void TurnedAway(PartitionMachine machine, DaybookException why) => machine.Transactions.Coordinator.Fail(transaction, why);

    protected override void Ready(PartitionMachine machine)
    {
        if (Error is not null)
            machine.Transactions.Coordinator.Fail(transaction, Error);
        else
            machine.Transactions.Coordinator.Granted(transaction, States(), Versions(), machine.Epoch);
    }
}
