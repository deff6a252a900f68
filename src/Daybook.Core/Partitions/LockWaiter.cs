using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Partitions;

/// <summary>
/// Somebody who wants a stream to itself. Streams are given in the order of asking; one that has a stream keeps it until
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

    /// <summary>It waits no longer for a stream that a transaction in doubt holds: nobody can say at the moment how that ended.</summary>
    public virtual void TurnedAway(PartitionMachine machine, DaybookException why) => Refuse(why);
}
