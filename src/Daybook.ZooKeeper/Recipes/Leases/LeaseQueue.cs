using System.Globalization;

namespace Daybook.ZooKeeper.Recipes;

/// <summary>
/// A place in the line for a lease, of one attempt on one session: ephemeral nodes, numbered by the server, named after the attempt. A node
/// is its own only if it carries the attempt's name <em>and</em> belongs to the session: by name alone it could belong to a session that is
/// about to expire (invariants C1, CURATOR-498).
/// </summary>
/// <remarks>
/// Other clients order a line by what follows a word of their own in the name of a node, and take a node without that word for the last. No name can
/// end in two words, so a place is one node for each word, created in one multi: every client finds the place where the others find it.
/// </remarks>
internal sealed class LeaseQueue(ZooKeeperClient client, string line, Guid attempt)
{
    private const int Digits = 10;

    /// <summary>Curator's <c>LeaderLatch</c>, kazoo's <c>Lock</c>, Curator's <c>InterProcessMutex</c>. The last node is the one that holders are known by.</summary>
    private static readonly string[] s_words = ["latch-", "__lock__", "lock-"];

    private string Prefix => $"lease-{attempt:n}-";

    /// <summary>Takes the last place.</summary>
    /// <returns>The paths of its nodes, in the order of the line.</returns>
    public async Task<IReadOnlyList<string>> EnterAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var nodes = s_words.Select(word => new ZooKeeperOperation.Create($"{line}/{Prefix}{word}", payload, CreateMode.EphemeralSequential)).ToArray();
        while (true)
        {
            try
            {
                var created = await client.MultiAsync(nodes, cancellationToken).ConfigureAwait(false);
                return [.. created.Select(node => node.CreatedPath!)];
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
            {
                await client.EnsureAsync(line, CreateMode.Container, cancellationToken).ConfigureAwait(false);
            }
            catch (ZooKeeperException e) when (e.IsTransient)
            {
                await client.PauseAfterAsync(e, cancellationToken).ConfigureAwait(false);
                if (await FindOwnAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } found)
                    return found;
            }
        }
    }

    /// <summary>Waits to be first, by watching the node just before only.</summary>
    /// <returns>False when an own node is gone.</returns>
    public async Task<bool> WaitAsync(IReadOnlyList<string> own, CancellationToken cancellationToken)
    {
        while (true)
        {
            var waiting = await ListAsync(fresh: false, cancellationToken).ConfigureAwait(false);
            if (own.Count < s_words.Length || !own.All(node => waiting.Contains(RecipeCalls.Name(node))))
                return false;
            var place = waiting.IndexOf(RecipeCalls.Name(own[0]));
            if (place == 0)
                return true;
            await GoneAsync($"{line}/{waiting[place - 1]}", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The nodes of this attempt that belong to this session.</summary>
    public async Task<IReadOnlyList<string>> FindOwnAsync(CancellationToken cancellationToken)
    {
        var own = new List<string>();
        foreach (var name in await ListAsync(fresh: true, cancellationToken).ConfigureAwait(false))
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            var path = $"{line}/{name}";
            var stat = await client.AskAsync(() => client.ExistsAsync(path, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (stat?.EphemeralOwner == client.SessionId)
                own.Add(path);
        }
        return own;
    }

    /// <summary>Leaves the line, best effort: where that fails the nodes go with the session. Nobody else's node is touched (invariant
    /// F6).</summary>
    public async Task LeaveAsync()
    {
        try
        {
            foreach (var path in await FindOwnAsync(CancellationToken.None).ConfigureAwait(false))
                await client.RemoveAsync(path).ConfigureAwait(false);
        }
        catch (ZooKeeperException)
        {
            // The session is over, or the server refuses: the nodes end with the session.
        }
    }

    /// <summary>The nodes in a line, in order of their numbers.</summary>
    public static List<string> InOrder(IEnumerable<string> names) => [.. names.Where(name => NumberOf(name) >= 0).OrderBy(NumberOf)];

    /// <summary>Which attempt a node belongs to; null when it is none of a lease. Earlier versions made one node for a place, <c>lease-GUID-NNNNNNNNNN</c>.</summary>
    public static Guid? AttemptOf(string name) =>
        name.Split('-') is ["lease", var attempt, ..] && Guid.TryParseExact(attempt, "n", out var parsed) ? parsed : null;

    private static long NumberOf(string name) =>
        name.Length > Digits && long.TryParse(name.AsSpan(name.Length - Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;

    private async Task<List<string>> ListAsync(bool fresh, CancellationToken cancellationToken)
    {
        try
        {
            Task<NodeChildren> List() => client.ChildrenAsync(line, cancellationToken);
            var children = fresh
                ? await client.AskFreshAsync(line, List, cancellationToken).ConfigureAwait(false)
                : await client.AskAsync(List, cancellationToken).ConfigureAwait(false);
            return InOrder(children.Names);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            return [];
        }
    }

    private async Task GoneAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var watched = await client.AskAsync(() => client.GetAndWatchAsync(path, cancellationToken), cancellationToken).ConfigureAwait(false);
            await watched.Changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            // Gone already.
        }
    }
}
