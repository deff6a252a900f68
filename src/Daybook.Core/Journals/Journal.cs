using Daybook.Coordination;
using Daybook.Core.Auditing;
using Daybook.Ledgers;

namespace Daybook.Core.Journals;

/// <summary>
/// An endless log as its owner has it: a chain of ledgers with one open for writing. Created by <see cref="JournalTakeover"/>. After any
/// failed append or lost compare-and-set it is dead and the owner takes over anew.
/// </summary>
internal sealed class Journal(
    ILedgerStore ledgers, ICoordinator coordinator, JournalIdentity identity, JournalManifest manifest, long version, ILedgerWriter writer, JournalOffset next)
    : IAsyncDisposable
{
    private readonly JournalReader _reader = new(ledgers);
    private readonly SemaphoreSlim _changing = new(1);
    private JournalManifest _manifest = manifest;
    private long _version = version;

    public Epoch Epoch => _manifest.Epoch;

    public JournalManifest Manifest => Volatile.Read(ref _manifest);

    /// <summary>The offset after the last record at takeover.</summary>
    public JournalOffset RecoveredNext { get; } = next;

    /// <summary>The ledger being written.</summary>
    public LedgerId Ledger => writer.Id;

    public bool OrdersAcrossLedgers => ledgers.OrdersAcrossLedgers;

    public int MaxEntryBytes => ledgers.MaxEntryBytes;

    /// <summary>Appends a sealed entry. The bytes belong to the ledger until the task completes.</summary>
    public Task<EntryId> AppendAsync(ReadOnlyMemory<byte> entry) => writer.AppendAsync(entry);

    /// <summary>Reads one entry; used to follow locations.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Truncated"/> when its ledger was truncated.</exception>
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
        _reader.ReadAsync(Manifest, from, end, cancellationToken);

    /// <summary>Continues in a new ledger. Nothing may be in flight; nothing may be appended meanwhile.</summary>
    public async ValueTask RollAsync(JournalOffset next, CancellationToken cancellationToken)
    {
        var origin = identity.Link(Epoch, next, writer.Id);
        var successor = await ledgers.CreateAsync(origin.ToBytes(), cancellationToken).ConfigureAwait(false);
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

    /// <summary>Creates a ledger beside the chain, for a recovery point.</summary>
    public ValueTask<ILedgerWriter> CreateSideLedgerAsync(CancellationToken cancellationToken) =>
        ledgers.CreateAsync(identity.Origin(LedgerPurpose.RecoveryPoint, Epoch).ToBytes(), cancellationToken);

    /// <summary>Deletes what earlier owners created and never listed: nobody can list it any more. Ledgers that the manifest names stay.</summary>
    public async ValueTask CollectAsync(IEnumerable<FoundLedger> unnamed, CancellationToken cancellationToken)
    {
        var named = Manifest.Named.ToHashSet();
        foreach (var ledger in unnamed)
        {
            if (ledger.Origin is { } origin && origin.Book == identity.Book && origin.Partition == identity.Partition.Value
                && origin.Epoch < Epoch && !named.Contains(ledger.Id))
                await ledgers.DeleteAsync(ledger.Id, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes a ledger beside the chain.</summary>
    public ValueTask DeleteSideLedgerAsync(LedgerId ledger, CancellationToken cancellationToken) => ledgers.DeleteAsync(ledger, cancellationToken);

    /// <summary>Opens a ledger beside the chain.</summary>
    public ValueTask<ILedgerReader> OpenSideLedgerAsync(LedgerId ledger, CancellationToken cancellationToken) =>
        ledgers.OpenAsync(ledger, cancellationToken);

    /// <summary>Points the manifest at a new recovery point and deletes the ledger of the one before.</summary>
    public async ValueTask SetRecoveryPointAsync(RecoveryPoint point, CancellationToken cancellationToken)
    {
        var before = _manifest.RecoveryPoint;
        await ChangeAsync(r => r with { RecoveryPoint = point }, cancellationToken).ConfigureAwait(false);
        if (before is not null)
            await ledgers.DeleteAsync(before.Ledger, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Truncates the records before an offset: the manifest first, the ledgers after, so a crash between leaves garbage and never a hole
    /// (invariant L21); the manifest names the garbage, and the next owner removes it. Whole ledgers only: the start moves to the first
    /// offset of the ledger that holds <paramref name="before"/>. The caller knows that nothing needs them any more.
    /// </summary>
    /// <returns>The first offset that is kept.</returns>
    public async ValueTask<JournalOffset> TruncateAsync(JournalOffset before, CancellationToken cancellationToken)
    {
        if (Manifest.LedgerOf(before).First <= Manifest.Start)
            return Manifest.Start;
        await DeleteTruncatedAsync(cancellationToken).ConfigureAwait(false);
        await ChangeAsync(r => r.TruncatedBefore(before), cancellationToken).ConfigureAwait(false);
        await DeleteTruncatedAsync(cancellationToken).ConfigureAwait(false);
        return Manifest.Start;
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private void ExpectKept(LedgerId ledger)
    {
        if (Manifest.Start > default(JournalOffset) && Manifest.Find(ledger) is null)
            throw new DaybookException(
                ErrorCode.Truncated, $"The record lies in ledger {ledger}, which was truncated; the journal '{identity.Key}' starts at offset {Manifest.Start}.");
    }

    private async ValueTask DeleteTruncatedAsync(CancellationToken cancellationToken)
    {
        foreach (var gone in Manifest.Truncated ?? [])
        {
            _reader.Forget(gone);
            await ledgers.DeleteAsync(gone, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ChangeAsync(Func<JournalManifest, JournalManifest> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var changed = change(_manifest);
            _version = await JournalManifests.WriteAsync(coordinator, identity.Key, changed, _version, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _manifest, changed);
        }
        finally
        {
            _changing.Release();
        }
    }
}
