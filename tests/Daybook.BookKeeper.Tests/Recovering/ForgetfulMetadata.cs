using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Tests.Recovering;

/// <summary>Carries out one write and loses the reply to it.</summary>
internal sealed class ForgetfulMetadata(ILedgerMetadataStore inner, int lostWrite) : ILedgerMetadataStore
{
    private int _writes;

    public int Lost { get; private set; }

    public async ValueTask<VersionedMetadata> WriteAsync(LedgerMetadata metadata, int expectedVersion, CancellationToken cancellationToken = default)
    {
        var written = await inner.WriteAsync(metadata, expectedVersion, cancellationToken);
        if (++_writes != lostWrite)
            return written;
        Lost++;
        throw RecoveryRaceTests.Unavailable(metadata.Ledger);
    }

    public ValueTask<VersionedMetadata> CreateAsync(LedgerMetadata template, CancellationToken cancellationToken = default) =>
        inner.CreateAsync(template, cancellationToken);

    public ValueTask<VersionedMetadata> CreateAtAsync(LedgerMetadata metadata, CancellationToken cancellationToken = default) =>
        inner.CreateAtAsync(metadata, cancellationToken);

    public ValueTask<VersionedMetadata> ReadAsync(LedgerId ledger, CancellationToken cancellationToken = default) => inner.ReadAsync(ledger, cancellationToken);

    public ValueTask<WatchedMetadata> ReadAndWatchAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
        inner.ReadAndWatchAsync(ledger, cancellationToken);

    public ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default) => inner.DeleteAsync(ledger, cancellationToken);

    public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);
}
