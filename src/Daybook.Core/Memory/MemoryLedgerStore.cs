using System.Collections.Concurrent;
using Daybook.Ledgers;

namespace Daybook.Memory;

/// <summary>
/// Ledgers in memory: the reference for what the contract means, and the store of tests. "Durable" is as long as this object lives; every
/// append is acknowledged before its call returns.
/// </summary>
/// <param name="ordersAcrossLedgers">What the store reports; holding it costs memory nothing.</param>
public sealed class MemoryLedgerStore(bool ordersAcrossLedgers = false) : ILedgerStore
{
    private readonly ConcurrentDictionary<LedgerId, MemoryLedger> _ledgers = new();
    private long _lastId;

    /// <inheritdoc/>
    public int MaxEntryBytes { get; init; } = 16 * 1024 * 1024;

    /// <inheritdoc/>
    public bool OrdersAcrossLedgers => ordersAcrossLedgers;

    /// <inheritdoc/>
    public bool ListsLocally => true;

    /// <inheritdoc/>
    public ValueTask<ILedgerWriter> CreateAsync(ReadOnlyMemory<byte> metadata = default, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LedgerErrors.CheckMetadata(metadata);
        var ledger = new MemoryLedger(new LedgerId(Interlocked.Increment(ref _lastId)), metadata.ToArray(), MaxEntryBytes);
        _ledgers[ledger.Id] = ledger;
        return ValueTask.FromResult<ILedgerWriter>(new MemoryLedgerWriter(ledger));
    }

    /// <inheritdoc/>
    public ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _ledgers.TryGetValue(ledger, out var found)
            ? ValueTask.FromResult<ILedgerReader>(found)
            : ValueTask.FromException<ILedgerReader>(LedgerErrors.NoSuchLedger(ledger));
    }

    /// <inheritdoc/>
    public ValueTask<ILedgerReader> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_ledgers.TryGetValue(ledger, out var found))
            return ValueTask.FromException<ILedgerReader>(LedgerErrors.NoSuchLedger(ledger));
        found.Fence();
        return ValueTask.FromResult<ILedgerReader>(found);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_ledgers.TryRemove(ledger, out var found))
            found.Delete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => _ledgers.Keys.ToAsyncEnumerable();
}
