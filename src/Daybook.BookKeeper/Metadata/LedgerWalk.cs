using System.Runtime.CompilerServices;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Metadata;

/// <summary>Walks over the nodes of a cluster. A ledger that exists all the while is seen; one that comes or goes meanwhile may be.</summary>
internal sealed class LedgerWalk(MetadataCalls calls, LedgerPaths paths)
{
    private ZooKeeperClient? _fresh;

    public async IAsyncEnumerable<LedgerId> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var nodes = new Stack<string>([paths.Root]);
        while (nodes.TryPop(out var node))
        {
            foreach (var name in await ChildrenAsync(node, cancellationToken).ConfigureAwait(false))
            {
                var child = $"{node}/{name}";
                if (paths.TryParse(child, out var ledger))
                    yield return ledger;
                else if (IsParent(node, name))
                    nodes.Push(child);
            }
        }
    }

    private bool IsParent(string node, string name) => paths.Layout != LedgerLayoutKind.Flat
        && (node == paths.Root ? LedgerPaths.IsLedgerParent(name) : name.Length == 4 && name.All(char.IsAsciiDigit));

    private Task<IReadOnlyList<string>> ChildrenAsync(string node, CancellationToken cancellationToken) => calls.AskAsync(
        null,
        async (client, stop) =>
        {
            try
            {
                // Another session's server may be behind what this walk, or its caller, has seen already.
                if (_fresh != client)
                    await client.SyncAsync(paths.Root, stop).ConfigureAwait(false);
                _fresh = client;
                return (await client.ChildrenAsync(node, stop).ConfigureAwait(false)).Names;
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
            {
                // An empty list would make a bookie's garbage collection believe that every ledger was deleted.
                return node == paths.Root ? throw ClusterLayout.NoCluster(paths.Root, e) : [];
            }
        },
        cancellationToken);
}
