using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Metadata;

/// <summary>Creates the node of a ledger, once, even when answers are lost: its token distinguishes it from those of others (invariant
/// L16).</summary>
internal sealed class LedgerCreation(MetadataCalls calls, LedgerPaths paths)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Creates it. When the caller stops waiting, a node that is there already is deleted, if ZooKeeper answers soon.</summary>
    /// <returns>Null when somebody else has created that ledger.</returns>
    public async Task<VersionedMetadata?> RunAsync(LedgerMetadata metadata, CancellationToken cancellationToken)
    {
        var (path, value) = (paths.PathOf(metadata.Ledger), LedgerMetadataCodec.Encode(metadata));
        try
        {
            return await calls.AskAsync(metadata.Ledger, (client, stop) => StepAsync(client, metadata, path, value, stop), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await UndoAsync(metadata, path).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<VersionedMetadata?> StepAsync(ZooKeeperClient client, LedgerMetadata metadata, string path, byte[] value, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                var created = await client.CreateAsync(path, value, cancellationToken: stop).ConfigureAwait(false);
                return new VersionedMetadata(metadata, created.Stat.Version);
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
            {
                await LedgerParents.MakeAsync(client, paths, path, stop).ConfigureAwait(false);
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NodeExists)
            {
                if (await ReadAsync(client, path, stop).ConfigureAwait(false) is { } node)
                    return IsOurs(metadata, node) ? new VersionedMetadata(metadata, node.Stat.Version) : null;
            }
        }
    }

    private async Task UndoAsync(LedgerMetadata metadata, string path)
    {
        using var patience = new CancellationTokenSource(s_patience, calls.Time);
        try
        {
            await calls.AskAsync(
                metadata.Ledger,
                async (client, stop) =>
                {
                    if (await ReadAsync(client, path, stop).ConfigureAwait(false) is not { } node || !IsOurs(metadata, node))
                        return false;
                    await client.DeleteAsync(path, node.Stat.Version, stop).ConfigureAwait(false);
                    await LedgerParents.RemoveAsync(client, paths, path, stop).ConfigureAwait(false);
                    return true;
                },
                patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BookKeeperException or OperationCanceledException)
        {
            // It stays, empty: nobody knows of it, and it costs a node.
        }
    }

    /// <summary>Only the creation itself writes the token: after any change it is 0, and the node not ours any more.</summary>
    private static bool IsOurs(LedgerMetadata metadata, NodeData node)
    {
        try
        {
            return LedgerMetadataCodec.Decode(metadata.Ledger, node.Data).CreationToken == metadata.CreationToken;
        }
        catch (BookKeeperException e) when (e.Error == BookKeeperError.BadMetadata)
        {
            return false;
        }
    }

    private static async Task<NodeData?> ReadAsync(ZooKeeperClient client, string path, CancellationToken stop)
    {
        try
        {
            return await MetadataCalls.ReadFreshAsync(client, path, stop).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            return null;
        }
    }
}
