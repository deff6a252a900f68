using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Records;

namespace Daybook.Core.Transactions;

/// <summary>A participant's part of a transaction: locked, then granted, then prepared, then resolved.</summary>
internal sealed class ParticipantBranch(TransactionId transaction, Target[] targets) : Branch(targets)
{
    public TransactionId Transaction { get; } = transaction;

    /// <summary>The streams are locked and the coordinator knows their states.</summary>
    public bool IsGranted { get; private set; }

    /// <summary>Where the prepared record stands; none before the vote.</summary>
    public Location PreparedAt { get; set; }

    /// <summary>What commit will do; null after a takeover, when only the journal knows.</summary>
    public List<StreamWrite>? Writes { get; set; }

    public bool IsPrepared => !PreparedAt.IsNone;

    public override void Run(PartitionMachine machine) => Acquire(machine);

    public override void Refuse(DaybookException why)
    {
    }

    public override void TurnedAway(PartitionMachine machine, DaybookException why) =>
        machine.Send(new GrantMessage(Transaction, machine.Id, machine.Epoch, [], [], why));

    protected override void Ready(PartitionMachine machine)
    {
        if (IsPrepared)
            return;
        IsGranted = Error is null;
        machine.SendAfter(ChangedIn(), new GrantMessage(Transaction, machine.Id, machine.Epoch, States(), Versions(), Error));
    }
}
