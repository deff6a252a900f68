using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;

namespace Daybook.Core.Partitions.Truncation;

/// <summary>Writes a snapshot of one stream now, even if its last one is recent; answers with its place, once it is durable.</summary>
internal sealed class SnapshotWork(StreamId stream, AggregateModel model) : ClientWork<Location>
{
    public override void Run(PartitionMachine machine)
    {
        var head = machine.State.Streams.GetOrAdd(stream.Value);
        if (machine.Locks.TryEnter(head, this))
            Entered(machine, head);
    }

    public override void Entered(PartitionMachine machine, StreamHead head)
    {
        if (StateCache.TryGet(head, out var state))
            Write(machine, head, state);
        else
            machine.Cache.Load(head, model);
    }

    public override void Loaded(PartitionMachine machine, StreamHead head) => Entered(machine, head);

    public override void LoadFailed(PartitionMachine machine, StreamHead head, DaybookException error)
    {
        machine.Leave(head, this);
        Fail(Unsafe(error));
    }

    private void Write(PartitionMachine machine, StreamHead head, object? state)
    {
        try
        {
            if (state is null)
                throw new DaybookException(ErrorCode.InvalidArgument, "its events make no state");
            machine.Recorder.Snapshot(head, model, state);
            machine.WhenDurable(new DurableAnswer<Location>(this, head.Snapshot));
        }
        catch (DaybookException e)
        {
            Fail(Unsafe(e));
        }
        machine.Leave(head, this);
    }

    private DaybookException Unsafe(DaybookException why) =>
        new(why.Code, $"No snapshot of stream '{stream}' can be written, so its events cannot be deleted: {why.Message}", why);
}
