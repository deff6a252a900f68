using System.Text;
using Daybook.ZooKeeper;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.BookKeeper.Metadata;

/// <summary>The cluster-wide nodes in ZooKeeper.</summary>
/// <param name="Paths">Where its ledgers are.</param>
/// <param name="InstanceId">A UUID as text, which stands in the bookies' cookies too; null in old clusters.</param>
internal sealed record ClusterLayout(LedgerPaths Paths, string? InstanceId)
{
    /// <summary>Reads what is there.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.IncorrectParameter"/>: there is no cluster under that root.</exception>
    public static Task<ClusterLayout> ReadAsync(MetadataCalls calls, string root, CancellationToken cancellationToken) =>
        calls.AskAsync(null, (client, stop) => ReadAsync(client, root, stop), cancellationToken);

    /// <summary>
    /// Makes what BookKeeper's <c>metaformat</c> makes, as far as it is missing: what is there stays. Several may do so concurrently; all get the same
    /// answer.
    /// </summary>
    /// <param name="calls">Where.</param>
    /// <param name="root">Usually <c>/ledgers</c>; what is missing above it is made.</param>
    /// <param name="kind">How ledgers are spread over nodes, if that is not settled yet.</param>
    /// <param name="cancellationToken">Stops waiting; what was made stays.</param>
    public static Task<ClusterLayout> FormatAsync(MetadataCalls calls, string root, LedgerLayoutKind kind, CancellationToken cancellationToken) =>
        calls.AskAsync(null, (client, stop) => FormatAsync(client, new LedgerPaths(root, kind), stop), cancellationToken);

    /// <summary>There is nothing under a root.</summary>
    public static BookKeeperException NoCluster(string root, Exception? inner = null) =>
        new(BookKeeperError.IncorrectParameter, $"this ZooKeeper has no BookKeeper cluster under {root}", inner: inner);

    private static async Task<ClusterLayout> FormatAsync(ZooKeeperClient client, LedgerPaths paths, CancellationToken stop)
    {
        await client.EnsureAsync(paths.Root, CreateMode.Persistent, stop).ConfigureAwait(false);
        foreach (var node in new[] { paths.Available, paths.ReadOnly, paths.Cookies })
            await ClusterNodes.EnsureAsync(client, node, [], stop).ConfigureAwait(false);
        await ClusterNodes.EnsureAsync(client, paths.InstanceId, Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("d")), stop).ConfigureAwait(false);
        // Last, as clients take a root with a layout for a cluster.
        await ClusterNodes.EnsureAsync(client, paths.LayoutNode, LedgerLayout.Encode(paths.Layout), stop).ConfigureAwait(false);
        return await ReadAsync(client, paths.Root, stop).ConfigureAwait(false);
    }

    private static async Task<ClusterLayout> ReadAsync(ZooKeeperClient client, string root, CancellationToken stop)
    {
        var paths = new LedgerPaths(root, default);
        try
        {
            var layout = await MetadataCalls.ReadFreshAsync(client, paths.LayoutNode, stop).ConfigureAwait(false);
            return new ClusterLayout(paths with { Layout = LedgerLayout.Decode(layout.Data) }, await InstanceAsync(client, paths, stop).ConfigureAwait(false));
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            throw NoCluster(root, e);
        }
    }

    private static async Task<string?> InstanceAsync(ZooKeeperClient client, LedgerPaths paths, CancellationToken stop) =>
        await ClusterNodes.TryGetAsync(client, paths.InstanceId, stop).ConfigureAwait(false) is { } value ? Encoding.UTF8.GetString(value) : null;
}
