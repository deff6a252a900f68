using Daybook.Core.RecoveryPoints;
using Daybook.Core.Journals;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Work;
using Daybook.Ledgers;

namespace Daybook.Core.Tests.Simulation;

/// <summary>Takes a recovery point as <see cref="RecoveryPointWriter"/> does, one step at a time.</summary>
internal sealed class SimulatedRecoveryPoint(SimulatedOwner owner)
{
    private readonly List<Task> _appends = [];
    private RecoveryPointCapture? _capture;
    private ILedgerWriter? _writer;
    private Captured? _captured;

    public void Step(int streams)
    {
        if (owner.Failure is not null)
            return;
        if (_captured is not null)
            Finish();
        else
            Capture(streams);
    }

    private void Capture(int streams)
    {
        _writer ??= Done.Of(owner.Journal.CreateSideLedgerAsync(CancellationToken.None));
        _capture ??= new RecoveryPointCapture(owner.Machine.State, owner.Machine.Batches.Open.Entry.Next, _writer.Id);
        using var entry = _capture.Next(streams, owner.Machine.Epoch);
        if (entry is not null)
            _appends.Add(_writer.AppendAsync(entry.Bytes));
        else
            owner.Machine.WhenDurable(_captured = new Captured());
    }

    private void Finish()
    {
        if (!_captured!.IsDurable || _appends.Exists(append => !append.IsCompletedSuccessfully))
            return;
        Done.Of(_writer!.CloseAsync(CancellationToken.None));
        Done.Of(owner.Journal.SetRecoveryPointAsync(new RecoveryPoint(_writer.Id, _capture!.Offset), CancellationToken.None));
        _capture.Dispose();
        (_capture, _writer, _captured) = (null, null, null);
        _appends.Clear();
    }

    private sealed class Captured : OwnerNews
    {
        public bool IsDurable { get; private set; }

        public override void Run(PartitionMachine machine) => IsDurable = true;
    }
}
