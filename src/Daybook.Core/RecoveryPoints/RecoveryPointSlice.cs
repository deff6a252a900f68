using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Records;

namespace Daybook.Core.RecoveryPoints;

/// <summary>One slice of a recovery point, taken in the owner's turn. The last one answers only when all that was taken is durable.</summary>
internal sealed class RecoveryPointSlice : WorkItem
{
    private readonly TaskCompletionSource<RecoveryPointCapture> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LedgerId _ledger;
    private readonly int _streams;
    private RecoveryPointCapture? _capture;

    /// <summary>The first slice: begins a capture.</summary>
    public RecoveryPointSlice(LedgerId ledger, int streams) => (_ledger, _streams) = (ledger, streams);

    /// <summary>A later slice.</summary>
    public RecoveryPointSlice(RecoveryPointCapture capture, int streams) => (_capture, _streams) = (capture, streams);

    /// <summary>The filled entry; null when there is no more.</summary>
    public EntryBuilder? Entry { get; private set; }

    public Task<RecoveryPointCapture> RunAsync(Action<WorkItem> post)
    {
        post(this);
        return _done.Task;
    }

    public override void Run(PartitionMachine machine)
    {
        _capture ??= new RecoveryPointCapture(machine.State, machine.Batches.Open.Entry.Next, _ledger);
        Entry = _capture.Next(_streams, machine.Epoch);
        if (Entry is not null)
            _done.TrySetResult(_capture);
        else
            machine.WhenDurable(new Captured(this));
    }

    public override void Refuse(DaybookException why) => _done.TrySetException(why);

    /// <summary>Everything that was in the owner's state when the last slice was taken is durable now.</summary>
    private sealed class Captured(RecoveryPointSlice slice) : WorkItem
    {
        public override void Run(PartitionMachine machine) => slice._done.TrySetResult(slice._capture!);

        public override void Refuse(DaybookException why) => slice.Refuse(why);
    }
}
