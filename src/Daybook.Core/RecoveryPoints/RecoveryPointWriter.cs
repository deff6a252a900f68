using Daybook.Core.Journals;
using Daybook.Core.Partitions.Work;
using Daybook.Ledgers;

namespace Daybook.Core.RecoveryPoints;

/// <summary>
/// Takes recovery points of a running partition: a ledger of its own is written slice by slice between the owner's turns, closed, and only
/// then named in the journal's record, once everything it shows is durable. A recovery point that fails costs nothing but its ledger; one that
/// loses the compare-and-set has shown that there is a later owner (invariant J2).
/// </summary>
/// <param name="journal">The owner's journal.</param>
/// <param name="every">The number of records after which a recovery point is due.</param>
/// <param name="post">Gives the owner work.</param>
/// <param name="warn">Receives the failure of a recovery point.</param>
/// <param name="stop">Stops the owner.</param>
internal sealed class RecoveryPointWriter(
    Journal journal, int every, Action<WorkItem> post, Action<DaybookException> warn, Action<DaybookException> stop)
{
    private const int StreamsPerSlice = 10_000;
    private JournalOffset _last = journal.Manifest.RecoveryPoint?.Offset ?? journal.Manifest.Start;
    private bool _running;

    /// <summary>Starts a recovery point when enough records have come since the last. Called at the end of a turn.</summary>
    public void StartIfDue(JournalOffset next)
    {
        if (_running || next.Value - _last.Value < every)
            return;
        _running = true;
        _last = next;
        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            if (await WriteAsync().ConfigureAwait(false) is { } point)
                await NameAsync(point).ConfigureAwait(false);
        }
        catch (DaybookException e)
        {
            warn(e);
        }
        finally
        {
            _running = false;
        }
    }

    /// <summary>
    /// Puts a recovery point into the record. When that fails the ledger stays: the record may name it all the same, and garbage costs less than
    /// a recovery point that is gone.
    /// </summary>
    private async Task NameAsync(RecoveryPoint point)
    {
        try
        {
            await journal.SetRecoveryPointAsync(point, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DaybookException e) when (e.Code is ErrorCode.VersionMismatch)
        {
            stop(e);
            throw;
        }
    }

    /// <returns>Null when it failed; its ledger is deleted then.</returns>
    private async Task<RecoveryPoint?> WriteAsync()
    {
        ILedgerWriter? writer = null;
        try
        {
            writer = await journal.CreateSideLedgerAsync(CancellationToken.None).ConfigureAwait(false);
            await using var closing = writer.ConfigureAwait(false);
            var offset = await WriteAsync(writer).ConfigureAwait(false);
            await writer.CloseAsync().ConfigureAwait(false);
            return new RecoveryPoint(writer.Id, offset);
        }
        catch (DaybookException e)
        {
            warn(e);
            await DiscardAsync(writer).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Has the owner fill entries and writes them, until all is taken and what they show is durable.</summary>
    private async Task<JournalOffset> WriteAsync(ILedgerWriter writer)
    {
        var slice = new RecoveryPointSlice(writer.Id, StreamsPerSlice);
        using var capture = await slice.RunAsync(post).ConfigureAwait(false);
        while (slice.Entry is { } entry)
        {
            await writer.AppendAsync(entry.Bytes).ConfigureAwait(false);
            entry.Dispose();
            slice = new RecoveryPointSlice(capture, StreamsPerSlice);
            await slice.RunAsync(post).ConfigureAwait(false);
        }
        return capture.Offset;
    }

    private async Task DiscardAsync(ILedgerWriter? writer)
    {
        if (writer is null)
            return;
        try
        {
            await journal.DeleteSideLedgerAsync(writer.Id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DaybookException e)
        {
            warn(e);
        }
    }
}
