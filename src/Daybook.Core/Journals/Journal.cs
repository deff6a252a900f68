using Daybook.Coordination;
using Daybook.Ledgers;

namespace Daybook.Core.Journals;

/// <summary>
/// An endless log as its owner has it: a chain of ledgers with one open for writing. Created by <see cref="JournalTakeover"/>. After any
/// failed append or lost compare-and-set it is dead and the owner takes over anew.
/// </summary>
internal sealed class Journal(
    ILedgerStore ledgers, ICoordinator coordinator, string key, JournalRecord record, long version, ILedgerWriter writer, JournalOffset next)
    : IAsyncDisposable
{
    private readonly JournalReader _reader = new(ledgers);
    private readonly SemaphoreSlim _changing = new(1);
    private JournalRecord _record = record;
    private long _version = version;

    public Epoch Epoch => _record.Epoch;

    public JournalRecord Record => Volatile.Read(ref _record);

    /// <summary>The offset after the last record at takeover.</summary>
    public JournalOffset RecoveredNext { get; } = next;

    /// <summary>The ledger being written.</summary>
    public LedgerId Ledger => writer.Id;

    public bool OrdersAcrossLedgers => ledgers.OrdersAcrossLedgers;

    public int MaxEntryBytes => ledgers.MaxEntryBytes;

    /// <summary>Appends a sealed entry. The bytes belong to the ledger until the task completes.</summary>
    public Task<EntryId> AppendAsync(ReadOnlyMemory<byte> entry) => writer.AppendAsync(entry);

    /// <summary>Reads one entry; used to follow locations.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Truncated"/> when its ledger was given up.</exception>
    public async ValueTask<LedgerEntry> ReadAsync(LedgerId ledger, uint entry, CancellationToken cancellationToken)
    {
        ExpectKept(ledger);
        try
        {
            return await _reader.ReadAsync(ledger, new EntryId(entry), cancellationToken).ConfigureAwait(false);
        }
        catch (DaybookException e) when (e.Code == ErrorCode.NoSuchLedger)
        {
            ExpectKept(ledger);
            throw;
        }
    }

    /// <summary>Reads all entries whose records lie at or after an offset and before the offset <paramref name="end"/>.</summary>
    public IAsyncEnumerable<JournalEntry> ReadAsync(JournalOffset from, JournalOffset end, CancellationToken cancellationToken) =>
        _reader.ReadAsync(Record, from, end, cancellationToken);

    /// <summary>Continues in a new ledger. Nothing may be in flight; nothing may be appended meanwhile.</summary>
    public async ValueTask RollAsync(JournalOffset next, CancellationToken cancellationToken)
    {
        var successor = await ledgers.CreateAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ChangeAsync(r => r with { Ledgers = [.. r.Ledgers, new JournalLedger(successor.Id, next)] }, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (DaybookException e) when (e.Code == ErrorCode.VersionMismatch)
        {
            await ledgers.DeleteAsync(successor.Id, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        var old = Interlocked.Exchange(ref writer, successor);
        await old.CloseAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates a ledger beside the chain, for a checkpoint.</summary>
    public ValueTask<ILedgerWriter> CreateSideLedgerAsync(CancellationToken cancellationToken) => ledgers.CreateAsync(cancellationToken);

    /// <summary>Deletes a ledger beside the chain.</summary>
    public ValueTask DeleteSideLedgerAsync(LedgerId ledger, CancellationToken cancellationToken) => ledgers.DeleteAsync(ledger, cancellationToken);

    /// <summary>Opens a ledger beside the chain.</summary>
    public ValueTask<ILedgerReader> OpenSideLedgerAsync(LedgerId ledger, CancellationToken cancellationToken) =>
        ledgers.OpenAsync(ledger, cancellationToken);

    /// <summary>Points the record at a new checkpoint and deletes the ledger of the one before.</summary>
    public async ValueTask SetCheckpointAsync(JournalCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var before = _record.Checkpoint;
        await ChangeAsync(r => r with { Checkpoint = checkpoint }, cancellationToken).ConfigureAwait(false);
        if (before is not null)
            await ledgers.DeleteAsync(before.Ledger, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Gives up the records before an offset: the record first, the ledgers after, so a crash between leaves garbage and never a hole
    /// (must-hold L21); the record names the garbage, and the next owner removes it. Whole ledgers only: the start moves to the first
    /// offset of the ledger that holds <paramref name="before"/>. The caller knows that nothing needs them any more.
    /// </summary>
    /// <returns>The first offset that is kept.</returns>
    public async ValueTask<JournalOffset> TruncateAsync(JournalOffset before, CancellationToken cancellationToken)
    {
        if (Record.LedgerOf(before).First <= Record.Start)
            return Record.Start;
        await DeleteTruncatedAsync(cancellationToken).ConfigureAwait(false);
        await ChangeAsync(r => r.TruncatedBefore(before), cancellationToken).ConfigureAwait(false);
        await DeleteTruncatedAsync(cancellationToken).ConfigureAwait(false);
        return Record.Start;
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private void ExpectKept(LedgerId ledger)
    {
        if (Record.Start > default(JournalOffset) && Record.Find(ledger) is null)
            throw new DaybookException(ErrorCode.Truncated, $"The record lies in ledger {ledger}, which was truncated; the journal '{key}' starts at offset {Record.Start}.");
    }

    private async ValueTask DeleteTruncatedAsync(CancellationToken cancellationToken)
    {
        foreach (var gone in Record.Truncated ?? [])
        {
            _reader.Forget(gone);
            await ledgers.DeleteAsync(gone, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ChangeAsync(Func<JournalRecord, JournalRecord> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var changed = change(_record);
            _version = await JournalRecords.WriteAsync(coordinator, key, changed, _version, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _record, changed);
        }
        finally
        {
            _changing.Release();
        }
    }
}
