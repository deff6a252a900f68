using Daybook.Core.Modeling;
using Daybook.Core.Partitions;

namespace Daybook.Core.Transactions;

/// <summary>The home partition's own streams of a transaction.</summary>
internal sealed class HomeLeg(HomeTransaction transaction, Target[] targets) : Leg(targets)
{
    public override void Run(PartitionMachine machine) => Acquire(machine);

    public override void Refuse(DaybookException why) => transaction.Work.Refuse(why);

    protected override void Ready(PartitionMachine machine)
    {
        if (Error is not null)
            machine.Transactions.Home.Fail(transaction, Error);
        else
            machine.Transactions.Home.Granted(transaction, States(), Versions(), machine.Epoch);
    }
}
