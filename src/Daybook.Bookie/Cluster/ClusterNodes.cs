using System.Text;
using Daybook.BookKeeper.Metadata;
using Daybook.ZooKeeper;

namespace Daybook.Bookie.Cluster;

/// <summary>Reads, and if asked lays out, what a cluster has in ZooKeeper.</summary>
internal static class ClusterNodes
{
    /// <summary>Makes what an empty cluster has; what is there already is left as it is, so several may do this at once.</summary>
    public static async Task FormatAsync(ZooKeeperClient client, string root, CancellationToken cancellationToken)
    {
        var paths = new LedgerPaths(root, LedgerLayoutKind.Hierarchical);
        for (var slash = root.IndexOf('/', 1); slash > 0; slash = root.IndexOf('/', slash + 1))
            await EnsureAsync(client, root[..slash], [], cancellationToken).ConfigureAwait(false);
        foreach (var node in new[] { root, paths.Available, paths.ReadOnly, paths.Cookies })
            await EnsureAsync(client, node, [], cancellationToken).ConfigureAwait(false);
        await EnsureAsync(client, paths.InstanceId, Encoding.ASCII.GetBytes(Guid.NewGuid().ToString()), cancellationToken).ConfigureAwait(false);
        await EnsureAsync(client, paths.LayoutNode, LedgerLayout.Encode(paths.Layout), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads how the cluster is laid out, and its id.</summary>
    /// <exception cref="StartException">There is no cluster.</exception>
    public static async Task<(LedgerPaths Paths, string? InstanceId)> ReadAsync(ZooKeeperClient client, string root, CancellationToken cancellationToken)
    {
        var layout = await TryGetAsync(client, root + "/LAYOUT", cancellationToken).ConfigureAwait(false)
            ?? throw new StartException($"ZooKeeper has no BookKeeper cluster at {root}; start the first bookie with --format, or name it with --ledgers-root");
        var paths = new LedgerPaths(root, LedgerLayout.Decode(layout));
        var instance = await TryGetAsync(client, paths.InstanceId, cancellationToken).ConfigureAwait(false);
        return (paths, instance is null ? null : Encoding.UTF8.GetString(instance));
    }

    /// <summary>The data of a node; null when there is none.</summary>
    public static async Task<byte[]?> TryGetAsync(ZooKeeperClient client, string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetAsync(path, cancellationToken).ConfigureAwait(false)).Data;
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            return null;
        }
    }

    /// <summary>Creates a persistent node where there is none.</summary>
    public static async Task EnsureAsync(ZooKeeperClient client, string path, byte[] data, CancellationToken cancellationToken)
    {
        try
        {
            await client.CreateAsync(path, data, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NodeExists)
        {
            // By an earlier start or by another bookie.
        }
    }
}
