using Daybook.ZooKeeper;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.BookKeeper.Metadata;

/// <summary>Makes up ids of ledgers: no two clients get the same.</summary>
internal sealed class LedgerIds(MetadataCalls calls, LedgerPaths paths, LedgerIdNodes nodes)
{
    /// <summary>The next id. One whose answer was lost is used by nobody.</summary>
    public Task<LedgerId> NextAsync(CancellationToken cancellationToken) => paths.Layout == LedgerLayoutKind.Flat
        ? throw new BookKeeperException(BookKeeperError.IncorrectParameter, "ids are not made up in the flat layout, which Daybook only reads; give one")
        : calls.AskAsync(null, NextAsync, cancellationToken);

    private async Task<LedgerId> NextAsync(ZooKeeperClient client, CancellationToken stop)
    {
        var isLong = await client.ExistsAsync(nodes.LongParent, stop).ConfigureAwait(false) is not null;
        if (!isLong && await NumberAsync(client, nodes.Short, stop).ConfigureAwait(false) is { } id)
            return id;
        // The short ones are used up, for every client and for ever: the existence of this node shows it.
        await client.EnsureAsync(nodes.LongParent, CreateMode.Persistent, stop).ConfigureAwait(false);
        for (var high = await HighestAsync(client, stop).ConfigureAwait(false); ; high++)
        {
            if (await NumberAsync(client, nodes.Long(high), stop).ConfigureAwait(false) is { } longId)
                return longId;
        }
    }

    /// <summary>Numbers a node; null once the numbers of its parent are used up.</summary>
    private async Task<LedgerId?> NumberAsync(ZooKeeperClient client, string prefix, CancellationToken stop)
    {
        string path;
        try
        {
            path = (await client.CreateAsync(prefix, mode: CreateMode.EphemeralSequential, cancellationToken: stop).ConfigureAwait(false)).Path;
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            await LedgerParents.MakeAsync(client, paths, prefix, stop).ConfigureAwait(false);
            path = (await client.CreateAsync(prefix, mode: CreateMode.EphemeralSequential, cancellationToken: stop).ConfigureAwait(false)).Path;
        }
        await ForgetAsync(client, path, stop).ConfigureAwait(false);
        return nodes.TryParse(path, out var id) ? id : null;
    }

    private async Task<int> HighestAsync(ZooKeeperClient client, CancellationToken stop)
    {
        // The first is 1, as BookKeeper has it.
        var highest = 1;
        foreach (var name in (await client.ChildrenAsync(nodes.LongParent, stop).ConfigureAwait(false)).Names)
        {
            if (LedgerIdNodes.TryParseHigh(name, out var high))
                highest = Math.Max(highest, high);
        }
        return highest;
    }

    /// <summary>Removes a node whose number is taken. If that fails it goes with the session.</summary>
    private static async Task ForgetAsync(ZooKeeperClient client, string path, CancellationToken stop)
    {
        try
        {
            await client.DeleteAsync(path, cancellationToken: stop).ConfigureAwait(false);
        }
        catch (ZooKeeperException)
        {
        }
    }
}
