using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Recovering;

/// <summary>Metadata for work that takes long: calls that ZooKeeper did not answer are tried again a few times, after pauses.</summary>
/// <remarks>A write is tried again on the version that was read: if the first one was carried out after all, the next one loses against it, and the caller reads
/// what is there finds its own change (invariant L11).</remarks>
internal sealed class PatientMetadata(ClientServices services)
{
    /// <summary>The maximum number of attempts for a call.</summary>
    public const int Tries = 6;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc cref="ILedgerMetadataStore.ReadAsync"/>
    public ValueTask<VersionedMetadata> ReadAsync(LedgerId ledger, CancellationToken cancellationToken) =>
        TryAsync(() => services.Metadata.ReadAsync(ledger, cancellationToken), cancellationToken);

    /// <summary>Replaces metadata if nobody else has since.</summary>
    /// <returns>Null when somebody has, perhaps this call itself: read what is there.</returns>
    public async ValueTask<VersionedMetadata?> TryWriteAsync(LedgerMetadata metadata, int expectedVersion, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(() => services.Metadata.WriteAsync(metadata, expectedVersion, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (BookKeeperException e) when (e.Error == BookKeeperError.MetadataVersion)
        {
            return null;
        }
    }

    private async ValueTask<VersionedMetadata> TryAsync(Func<ValueTask<VersionedMetadata>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (BookKeeperException e) when (e.Error == BookKeeperError.MetadataUnavailable && attempt < Tries)
            {
                var pause = s_firstPause * (1 << attempt) * (0.5 + services.Options.Random.NextDouble() / 2);
                await Task.Delay(pause, services.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
