using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Tests.Fakes;

/// <summary>Metadata as another store has them; what a test wants otherwise it overrides.</summary>
internal abstract class MetadataDecorator(ILedgerMetadataStore inner) : ILedgerMetadataStore
{
    protected ILedgerMetadataStore Inner => inner;

    public virtual ValueTask<VersionedMetadata> CreateAsync(LedgerMetadata template, CancellationToken cancellationToken = default) =>
        inner.CreateAsync(template, cancellationToken);

    public virtual ValueTask<VersionedMetadata> CreateAtAsync(LedgerMetadata metadata, CancellationToken cancellationToken = default) =>
        inner.CreateAtAsync(metadata, cancellationToken);

    public virtual ValueTask<VersionedMetadata> ReadAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(ledger, cancellationToken);

    public virtual ValueTask<WatchedMetadata> ReadAndWatchAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
        inner.ReadAndWatchAsync(ledger, cancellationToken);

    public virtual ValueTask<VersionedMetadata> WriteAsync(LedgerMetadata metadata, int expectedVersion, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(metadata, expectedVersion, cancellationToken);

    public virtual ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default) => inner.DeleteAsync(ledger, cancellationToken);

    public virtual IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);
}
