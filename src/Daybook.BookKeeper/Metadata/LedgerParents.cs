using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Metadata;

/// <summary>The nodes between the root and the node of a ledger: made when they are missing, removed when they are empty.</summary>
internal static class LedgerParents
{
    /// <summary>Makes those that are missing; never the root.</summary>
    /// <exception cref="BookKeeperException">There is no root.</exception>
    public static async Task MakeAsync(ZooKeeperClient client, LedgerPaths paths, string path, CancellationToken stop)
    {
        for (var end = path.IndexOf('/', paths.Root.Length + 1); end > 0; end = path.IndexOf('/', end + 1))
            await MakeOneAsync(client, path[..end], stop).ConfigureAwait(false);
        // Only now, as it matters only when nothing is found: the parents themselves fail without it too.
        if (await client.ExistsAsync(paths.Root, stop).ConfigureAwait(false) is null)
            throw ClusterLayout.NoCluster(paths.Root);
    }

    /// <summary>Removes those that are empty; never the root. What cannot be removed stays: it does no harm.</summary>
    public static async Task RemoveAsync(ZooKeeperClient client, LedgerPaths paths, string path, CancellationToken stop)
    {
        try
        {
            for (var end = path.LastIndexOf('/'); end > paths.Root.Length; end = path.LastIndexOf('/', end - 1))
                await client.DeleteAsync(path[..end], cancellationToken: stop).ConfigureAwait(false);
        }
        catch (ZooKeeperException)
        {
            // Not empty, or removed by another at the same time, or out of reach.
        }
    }

    private static async Task MakeOneAsync(ZooKeeperClient client, string path, CancellationToken stop)
    {
        try
        {
            await client.CreateAsync(path, cancellationToken: stop).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error is ZooKeeperError.NodeExists or ZooKeeperError.NoNode)
        {
            // It is there, or the one above was removed since: then the caller that needs it finds that out and tries again.
        }
    }
}
