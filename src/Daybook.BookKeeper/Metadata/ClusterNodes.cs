using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Metadata;

/// <summary>Single nodes of the cluster, there or not.</summary>
internal static class ClusterNodes
{
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
            // By another, by an earlier start, or by ourselves before an answer was lost.
        }
    }
}
