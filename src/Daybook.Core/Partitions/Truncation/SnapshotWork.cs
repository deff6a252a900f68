using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;

namespace Daybook.Core.Partitions.Truncation;

/// <summary>Writes a snapshot of one stream now, whatever its last one; answers with its place, once it is durable.</summary>
internal sealed class SnapshotWork(StreamId stream, AggregateModel model, IEventSerializer serializer, PartitionLimits limits) : ClientWork<Location>
{
    public override void Run(PartitionMachine machine)
    {
        var head = machine.State.Streams.GetOrAdd(stream.Value);
        if (machine.Gates.TryEnter(head, this))
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
            (head.Snapshot, head.SnapshotVersion) = (Record(machine, head, state), head.Version);
            head.Hot!.ChangedIn = machine.Batches.Open.Number;
            machine.WhenDurable(new Durable(this, head.Snapshot));
        }
        catch (DaybookException e)
        {
            Fail(Unsafe(e));
        }
        machine.Leave(head, this);
    }

    private Location Record(PartitionMachine machine, StreamHead head, object state)
    {
        if (machine.Batches.Open.Entry.Encoder.Length > limits.BatchBytes)
            machine.Submit();
        using var record = new RecordScope(machine.Batches.Open.Entry, RecordKind.Snapshot, limits.MaxRecordBytes);
        SnapshotRecord.Write(record.Encoder, head.Name, head.Version, StateFingerprint.Of(state.GetType()), state, serializer);
        return record.Commit();
    }

    private DaybookException Unsafe(DaybookException why) =>
        new(why.Code, $"No snapshot of stream '{stream}' can be written, so its events cannot be given up: {why.Message}", why);

    private sealed class Durable(SnapshotWork work, Location at) : WorkItem
    {
        public override void Run(PartitionMachine machine) => work.Answer(at);

        public override void Refuse(DaybookException why) => work.Refuse(why);
    }
}
