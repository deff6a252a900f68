using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Partitions;

/// <summary>
/// A request for the lock of a stream. Locks are granted in the order of the requests; one that has a stream keeps it until
/// <see cref="PartitionMachine.Leave"/>.
/// </summary>
internal abstract class LockWaiter : WorkItem
{
    /// <summary>The stream is this waiter's now.</summary>
    public abstract void Entered(PartitionMachine machine, StreamHead head);

    /// <summary>The state of a stream it has is loaded.</summary>
    public abstract void Loaded(PartitionMachine machine, StreamHead head);

    /// <summary>The state of a stream it has cannot be loaded; it must leave.</summary>
    public abstract void LoadFailed(PartitionMachine machine, StreamHead head, DaybookException error);

    /// <summary>It waits no longer for a stream that a transaction in doubt holds: its outcome is unknown at the moment.</summary>
    public virtual void TurnedAway(PartitionMachine machine, DaybookException why) => Refuse(why);
}
