using System.Globalization;

namespace Daybook.ZooKeeper.Recipes;

/// <summary>
/// A place in the line for a lease, of one attempt on one session: an ephemeral node, numbered by the server, named after the attempt. A node
/// is its own only if it carries the attempt's name <em>and</em> belongs to the session: by name alone it could belong to a session that is
/// about to expire (must-hold C1, CURATOR-498).
/// </summary>
internal sealed class LeaseQueue(ZooKeeperClient client, string line, Guid attempt)
{
    private const int Digits = 10;

    private string Prefix => $"lease-{attempt:n}-";

    /// <summary>Takes the last place.</summary>
    /// <returns>The path of the node.</returns>
    public async Task<string> EnterAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var created = await client.CreateAsync(
                    $"{line}/{Prefix}", payload, CreateMode.EphemeralSequential, cancellationToken: cancellationToken).ConfigureAwait(false);
                return created.Path;
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
            {
                await client.EnsureAsync(line, CreateMode.Container, cancellationToken).ConfigureAwait(false);
            }
            catch (ZooKeeperException e) when (e.IsTransient)
            {
                await client.PauseAfterAsync(e, cancellationToken).ConfigureAwait(false);
                if (await FindOwnAsync(cancellationToken).ConfigureAwait(false) is [var found, ..])
                    return found;
            }
        }
    }

    /// <summary>Waits to be first, by watching the node just before only.</summary>
    /// <returns>False when the own node is gone.</returns>
    public async Task<bool> WaitAsync(string own, CancellationToken cancellationToken)
    {
        while (true)
        {
            var waiting = await ListAsync(fresh: false, cancellationToken).ConfigureAwait(false);
            var place = waiting.IndexOf(RecipeCalls.Name(own));
            if (place <= 0)
                return place == 0;
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

    /// <summary>Leaves the line, best effort: where that fails the nodes go with the session. Nobody else's node is touched (must-hold F6).</summary>
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

    /// <summary>Which attempt a node belongs to; null when it is none of a lease.</summary>
    public static Guid? AttemptOf(string name) =>
        name.Split('-') is ["lease", var attempt, _] && Guid.TryParseExact(attempt, "n", out var parsed) ? parsed : null;

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
