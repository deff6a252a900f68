using Daybook.Core.Modeling;
using Daybook.Core.Partitions.State;
using Daybook.Core.Records;

namespace Daybook.Core.Partitions.Work;

/// <summary>A linearizable look at one stream: its version, where its events stand, and its state if a model is given.</summary>
internal sealed class ReadWork(StreamId stream, AggregateModel? model) : ClientWork<StreamView>
{
    public StreamId Stream { get; } = stream;

    public AggregateModel? Model { get; } = model;

    public override void Run(PartitionMachine machine) => machine.Begin(this);

    public override void Entered(PartitionMachine machine, StreamHead head) => machine.Execute(this, head);

    public override void Loaded(PartitionMachine machine, StreamHead head) => machine.Execute(this, head);

    public override void LoadFailed(PartitionMachine machine, StreamHead head, DaybookException error)
    {
        machine.Leave(head, this);
        Fail(error);
    }
}

/// <summary>A stream as of the moment of a read.</summary>
/// <param name="Version">How many events it has.</param>
/// <param name="Last">The record of the last.</param>
/// <param name="Snapshot">Its newest snapshot.</param>
/// <param name="SnapshotVersion">The version the snapshot folds; 0 when there is none.</param>
/// <param name="State">The fold, when a model was given.</param>
internal readonly record struct StreamView(long Version, Location Last, Location Snapshot, long SnapshotVersion, object? State);
