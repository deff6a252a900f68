using Daybook.Core.RecoveryPoints;
using Daybook.Core.Journals;
using Daybook.Core.Partitions.State;
using Daybook.Core.Records;

namespace Daybook.Core.Partitions;

/// <summary>Rebuilds a partition's state: from its recovery point and the records since, or from all records (invariant J6).</summary>
internal sealed class PartitionRecovery(int commandWindow, Action<DaybookException> warn)
{
    public async ValueTask<PartitionState> RunAsync(Journal journal, CancellationToken cancellationToken)
    {
        var (state, from) = await RestoreAsync(journal, cancellationToken).ConfigureAwait(false);
        var replay = new Replay(state);
        await foreach (var entry in journal.ReadAsync(from, journal.RecoveredNext, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            replay.Apply(entry, from);
        }
        state.Commands.EndFilling();
        return state;
    }

    /// <summary>A recovery point that cannot be read is passed over while the records are all there; it never decides what is true.</summary>
    private async ValueTask<(PartitionState State, JournalOffset From)> RestoreAsync(Journal journal, CancellationToken cancellationToken)
    {
        if (journal.Manifest.RecoveryPoint is { } point)
        {
            try
            {
                return (await ReadAsync(journal, point.Ledger, cancellationToken).ConfigureAwait(false), point.Offset);
            }
            catch (DaybookException e) when (journal.Manifest.Start == default && e.Code is ErrorCode.Corrupted or ErrorCode.NoSuchLedger)
            {
                warn(e);
            }
        }
        return (Empty(), journal.Manifest.Start);
    }

    private async ValueTask<PartitionState> ReadAsync(Journal journal, LedgerId ledger, CancellationToken cancellationToken)
    {
        var state = Empty();
        var restore = new RecoveryPointRestore(state);
        var reader = await journal.OpenSideLedgerAsync(ledger, cancellationToken).ConfigureAwait(false);
        if (reader.LastAddConfirmed >= new EntryId(0))
        {
            await foreach (var entry in reader.ReadAsync(new EntryId(0), reader.LastAddConfirmed, cancellationToken).ConfigureAwait(false))
            {
                EntryFrame.Open(entry.Data.Span, ledger, entry.Id);
                restore.Apply(entry.Data.Span);
            }
        }
        return restore.IsComplete
            ? state
            : throw new DaybookException(ErrorCode.Corrupted, $"The recovery point in ledger {ledger} is not whole.");
    }

    private PartitionState Empty()
    {
        var state = new PartitionState(commandWindow);
        state.Commands.BeginFilling();
        return state;
    }
}
