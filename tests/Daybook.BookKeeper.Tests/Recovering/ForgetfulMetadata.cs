using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Tests.Fakes;

namespace Daybook.BookKeeper.Tests.Recovering;

/// <summary>Carries out one write and loses the reply to it.</summary>
internal sealed class ForgetfulMetadata(ILedgerMetadataStore inner, int lostWrite) : MetadataDecorator(inner)
{
    private int _writes;

    public int Lost { get; private set; }

    public override async ValueTask<VersionedMetadata> WriteAsync(LedgerMetadata metadata, int expectedVersion, CancellationToken cancellationToken = default)
    {
        var written = await Inner.WriteAsync(metadata, expectedVersion, cancellationToken);
        if (++_writes != lostWrite)
            return written;
        Lost++;
        throw RecoveryRaceTests.Unavailable(metadata.Ledger);
    }
}
