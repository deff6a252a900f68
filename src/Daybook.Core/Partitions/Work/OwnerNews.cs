using Daybook.Core.Partitions.State;

namespace Daybook.Core.Partitions.Work;

/// <summary>News for an owner from its own driver; nobody waits for an answer.</summary>
internal abstract class OwnerNews : WorkItem
{
    public override void Refuse(DaybookException why)
    {
    }
}

/// <summary>The oldest entry in flight is durable.</summary>
internal sealed class EntryDurable : OwnerNews
{
    public override void Run(PartitionMachine machine) => machine.Durable();
}

/// <summary>A state was folded, or could not be.</summary>
internal sealed class StateLoaded(StreamHead head, object? state, DaybookException? error) : OwnerNews
{
    public override void Run(PartitionMachine machine) => machine.Loaded(head, state, error);
}

/// <summary>Another partition has no owner: it did not receive the request, or will not answer it.</summary>
/// <param name="peer">The partition.</param>
/// <param name="ended">The epoch of the owner that has just failed; null when it is only known that there is none.</param>
internal sealed class PeerDown(PartitionId peer, Epoch? ended) : OwnerNews
{
    public override void Run(PartitionMachine machine) => machine.Transactions.PeerDown(peer, ended);
}

/// <summary>Another partition has a new owner.</summary>
internal sealed class PeerUp(PartitionId peer, Epoch epoch) : OwnerNews
{
    public override void Run(PartitionMachine machine) => machine.Transactions.PeerUp(peer, epoch);
}
