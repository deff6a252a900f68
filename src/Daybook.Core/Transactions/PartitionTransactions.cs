using Daybook.Core.Partitions;

namespace Daybook.Core.Transactions;

/// <summary>Both sides of two-phase commit in one partition: the transactions that it coordinates, and those that it participates
/// in.</summary>
internal sealed class PartitionTransactions(PartitionMachine machine, Decider decider)
{
    public CoordinatorTransactions Coordinator { get; } = new(machine, decider);

    public ParticipantTransactions Participant { get; } = new(machine, decider);

    /// <summary>Resumes what the journal shows in flight: the first thing an owner does.</summary>
    public void Start()
    {
        Participant.Start();
        Coordinator.Start();
    }

    /// <summary>Another partition has a new owner; what its old one knew only in memory is gone.</summary>
    public void PeerUp(PartitionId peer, Epoch epoch)
    {
        Coordinator.PeerUp(peer);
        Participant.PeerUp(peer, epoch);
    }

    /// <summary>Another partition has no owner; what its old one knew only in memory is gone.</summary>
    public void PeerDown(PartitionId peer, Epoch? ended)
    {
        Coordinator.PeerDown(peer);
        if (ended is { } epoch)
            Participant.PeerDown(peer, epoch);
        Participant.TurnAwayWaitersFor(peer);
    }
}
