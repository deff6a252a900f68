using Daybook.Core.Partitions.State;

namespace Daybook.Core.Partitions.Work;

/// <summary>
/// Asks a participant of a committed transaction how far its journal must be read to see its part. Waits, like any reader of the streams,
/// until the participant has resolved it, and then until that is durable.
/// </summary>
internal sealed class BranchWork(TransactionId transaction) : ClientWork<JournalOffset>
{
    public override void Run(PartitionMachine machine)
    {
        if (!machine.State.Prepared.TryGetValue(transaction, out var prepared))
            Resolved(machine);
        else if (machine.State.Streams.GetOrAdd(prepared.Writes[0].Stream) is var head && machine.Locks.TryEnter(head, this))
            Entered(machine, head);
    }

    public override void Entered(PartitionMachine machine, StreamHead head)
    {
        machine.Leave(head, this);
        Resolved(machine);
    }

    public override void Loaded(PartitionMachine machine, StreamHead head) => throw Misplaced();

    public override void LoadFailed(PartitionMachine machine, StreamHead head, DaybookException error) => throw Misplaced();

    private void Resolved(PartitionMachine machine) =>
        machine.WhenDurable(new DurableAnswer<JournalOffset>(this, machine.Batches.Open.Entry.Next.Plus(-1)));

    private static InvalidOperationException Misplaced() => new("A question for the end of a transaction needs no state.");
}
