using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Metadata;

/// <summary>One compare-and-set of a ledger's metadata. After a lost answer, what is there shows whether it was carried out (invariants C2,
/// L11).</summary>
internal sealed class LedgerWrite(LedgerId ledger, string path, byte[] value, int expectedVersion)
{
    private bool _isLost;

    /// <summary>Carries it out unless that was done already.</summary>
    /// <returns>The version it made.</returns>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.MetadataVersion"/>, <see cref="BookKeeperError.NoSuchLedgerMetadata"/>.</exception>
    public async Task<int> StepAsync(ZooKeeperClient client, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                if (_isLost && await LookAsync(client, stop).ConfigureAwait(false) is { } version)
                    return version;
                return (await client.SetAsync(path, value, expectedVersion, stop).ConfigureAwait(false)).Version;
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.BadVersion)
            {
                // A lost one may have come through only now: then that is seen at the next look.
                if (!_isLost)
                    throw Changed(e);
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
            {
                throw LedgerMetadataErrors.Missing(ledger, e);
            }
            catch (ZooKeeperException e) when (e.IsOutcomeUnknown)
            {
                _isLost = true;
                throw;
            }
        }
    }

    /// <returns>The version that the lost write made; null when it was not carried out, so far.</returns>
    private async Task<int?> LookAsync(ZooKeeperClient client, CancellationToken stop)
    {
        var node = await MetadataCalls.ReadFreshAsync(client, path, stop).ConfigureAwait(false);
        if (node.Stat.Version == expectedVersion)
            return null;
        return node.Stat.Version == expectedVersion + 1 && node.Data.AsSpan().SequenceEqual(value) ? node.Stat.Version : throw Changed(null);
    }

    private BookKeeperException Changed(Exception? inner) => new(
        BookKeeperError.MetadataVersion, $"somebody else has changed its metadata since version {expectedVersion} was read", ledger, inner: inner);
}
