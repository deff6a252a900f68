using Daybook.Ledgers;

namespace Daybook.Testing.Faults;

/// <summary>What a recovery that forgot to fence hands out: the ledger ends where it ended at that moment, while its writer goes on.</summary>
internal sealed class FrozenLedgerReader(ILedgerReader inner) : ILedgerReader
{
    public LedgerId Id => inner.Id;

    public ReadOnlyMemory<byte> Metadata => inner.Metadata;

    public bool IsClosed => true;

    public EntryId LastAddConfirmed { get; } = inner.LastAddConfirmed;

    public ValueTask<LedgerEntry> ReadAsync(EntryId entry, CancellationToken cancellationToken = default) =>
        entry > LastAddConfirmed
            ? ValueTask.FromException<LedgerEntry>(LedgerErrors.NoSuchEntry(Id, entry, LastAddConfirmed))
            : inner.ReadAsync(entry, cancellationToken);

    public IAsyncEnumerable<LedgerEntry> ReadAsync(EntryId first, EntryId last, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(first, last < LastAddConfirmed ? last : LastAddConfirmed, cancellationToken);

    public ValueTask<bool> WaitAsync(EntryId entry, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(entry <= LastAddConfirmed);
}
