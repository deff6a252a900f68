using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Tests.Fakes;

/// <summary>Injects mistakes between its user and the metadata.</summary>
internal sealed class TamperedMetadata(ILedgerMetadataStore inner) : MetadataDecorator(inner)
{
    /// <summary>What is made of what was read.</summary>
    public Func<VersionedMetadata, VersionedMetadata> OnRead { get; init; } = read => read;

    /// <summary>What is written instead.</summary>
    public Func<LedgerMetadata, LedgerMetadata> OnWrite { get; init; } = written => written;

    /// <summary>True for unconditional writes.</summary>
    public Predicate<LedgerMetadata> IsBlind { get; init; } = _ => false;

    public override async ValueTask<VersionedMetadata> ReadAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
        OnRead(await Inner.ReadAsync(ledger, cancellationToken));

    public override async ValueTask<VersionedMetadata> WriteAsync(LedgerMetadata metadata, int expectedVersion, CancellationToken cancellationToken = default)
    {
        var version = IsBlind(metadata) ? (await Inner.ReadAsync(metadata.Ledger, cancellationToken)).Version : expectedVersion;
        return await Inner.WriteAsync(OnWrite(metadata), version, cancellationToken);
    }
}
