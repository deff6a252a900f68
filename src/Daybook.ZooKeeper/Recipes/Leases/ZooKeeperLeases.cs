using Daybook.Coordination;

namespace Daybook.ZooKeeper.Recipes;

/// <summary>
/// Leases by name below a node. <c>&lt;root&gt;/leases/&lt;name&gt;</c> holds the queue of the holder and the waiters,
/// <c>&lt;root&gt;/epochs/&lt;name&gt;</c>
/// the last epoch given out, for ever: deleting that by hand takes the fencing away. A <c>/</c> in a name is a <c>:</c> in its nodes.
/// </summary>
/// <param name="sessions">Whose session holds the leases.</param>
/// <param name="root">The node that they lie below; made where it is missing.</param>
public sealed class ZooKeeperLeases(SessionKeeper sessions, string root)
{
    /// <summary>Where the leases' sessions come from.</summary>
    public SessionKeeper Sessions => sessions;

    /// <summary>
    /// Waits for a lease, in the order of the calls. Lost connections are seen through, and after the end of a session the wait begins again at
    /// the end of the line, on the next.
    /// </summary>
    /// <param name="name">What is leased: slash-separated segments of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
    /// <param name="payload">Returned to clients that ask for the holder; at most 64 KiB.</param>
    /// <param name="above">The epoch will be higher than this too: the highest one found in what it guards, after ZooKeeper was restored from a
    /// backup (invariant F3).</param>
    /// <param name="cancellationToken">Leaves the line.</param>
    /// <exception cref="ZooKeeperException">No first session could be opened, or the session may not do this.</exception>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/> for a bad name.</exception>
    public async Task<ZooKeeperLease> AcquireAsync(
        string name, ReadOnlyMemory<byte> payload = default, Epoch above = default, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(name);
        CoordinationKey.CheckValue(name, payload);
        for (var hadSession = false; ; hadSession = true)
        {
            ZooKeeperClient client;
            try
            {
                client = await sessions.GetAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ZooKeeperException e) when (hadSession && e.Error == ZooKeeperError.ConnectionLoss)
            {
                continue;
            }
            if (await AcquireOnAsync(client, name, payload, above, cancellationToken).ConfigureAwait(false) is { } lease)
                return lease;
        }
    }

    /// <summary>The node of the queue of the holder and the waiters.</summary>
    internal string LineOf(string name) => $"{Root}/leases/{Node(name)}";

    /// <summary>The payload of a lease's holder; null when it has none.</summary>
    internal async Task<byte[]?> HolderAsync(ZooKeeperClient client, string name, CancellationToken cancellationToken)
    {
        try
        {
            var line = await client.AskAsync(() => client.ChildrenAsync(LineOf(name), cancellationToken), cancellationToken).ConfigureAwait(false);
            if (LeaseQueue.InOrder(line.Names) is not [var first, ..])
                return null;
            var node = await client.AskAsync(() => client.GetAsync($"{LineOf(name)}/{first}", cancellationToken), cancellationToken).ConfigureAwait(false);
            return node.Data.ToArray();
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            return null;
        }
    }

    /// <summary>Where the last epoch is.</summary>
    internal string RecordOf(string name) => $"{Root}/epochs/{Node(name)}";

    private string Root => root == "/" ? "" : root;

    private static string Node(string name) => name.Replace('/', ':');

    /// <summary>Tries on one session.</summary>
    /// <returns>Null when the session ended, or somebody deleted the node.</returns>
    private async Task<ZooKeeperLease?> AcquireOnAsync(
        ZooKeeperClient client, string name, ReadOnlyMemory<byte> payload, Epoch above, CancellationToken cancellationToken)
    {
        var attempt = Guid.NewGuid();
        var line = new LeaseQueue(client, LineOf(name), attempt);
        try
        {
            var nodes = await line.EnterAsync(payload, cancellationToken).ConfigureAwait(false);
            if (await line.WaitAsync(nodes, cancellationToken).ConfigureAwait(false))
            {
                var connection = client.Connections;
                var counter = new EpochCounter(client, RecordOf(name));
                if (await counter.RaiseAsync(nodes[^1], attempt, above, cancellationToken).ConfigureAwait(false) is { } epoch)
                    return new ZooKeeperLease(name, client, nodes, RecordOf(name), epoch, connection);
            }
            // Somebody deleted one of the nodes: those that are left would stand before the next attempt.
            await line.LeaveAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.SessionExpired)
        {
            return null;
        }
        catch
        {
            // Not awaited: without a server it would wait for one, and a cancelled caller should continue.
            _ = line.LeaveAsync();
            throw;
        }
    }
}
