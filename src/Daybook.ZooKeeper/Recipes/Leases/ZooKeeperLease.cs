using Daybook.Coordination;

namespace Daybook.ZooKeeper.Recipes;

/// <summary>
/// A lease held by a session: ephemeral nodes that stand first in their line, and an epoch that only their holder could raise.
/// </summary>
/// <remarks>
/// At no time are two leases of a name valid, each by its own clock, as long as sessions end by expiry or by being closed from here
/// (invariant C12). Between asking <see cref="IsValid"/> and acting on it the process may be stopped for any time, so safety comes from
/// carrying
/// <see cref="Epoch"/> to what is written; for writes to ZooKeeper itself, from <see cref="Guard"/>.
/// </remarks>
public sealed class ZooKeeperLease : ILease
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly ZooKeeperClient _client;
    private readonly IReadOnlyList<string> _nodes;
    private readonly CancellationTokenSource _lost = new();
    private long _checkedConnection;
    private int _released;

    internal ZooKeeperLease(string name, ZooKeeperClient client, IReadOnlyList<string> nodes, string record, RaisedEpoch raised, long connection)
    {
        (Name, Epoch, _client, _nodes, _checkedConnection) = (name, raised.Epoch, client, nodes, connection);
        Guard = [new ZooKeeperOperation.Require(nodes[^1]), new ZooKeeperOperation.Require(record, raised.Version)];
        Lost = _lost.Token;
        _ = CheckConnectionsAsync();
        foreach (var node in nodes)
            _ = WatchAsync(node);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Epoch Epoch { get; }

    /// <inheritdoc/>
    public CancellationToken Lost { get; }

    /// <summary>
    /// Put these first into a multi, and what follows is carried out only while this lease is the last one given out (invariant F2): they
    /// require its <c>lock-</c> node, and the record of its epoch as this holder wrote it.
    /// </summary>
    public IReadOnlyList<ZooKeeperOperation> Guard { get; }

    /// <summary>
    /// True while this is surely the only valid lease of its name: the session surely lives, counted from when the last answered message was
    /// sent (invariant F4), it has a server, and on this connection node, owner and epoch have been looked at (invariant F5). While
    /// suspended it is false; after a reconnect it may become true again, until <see cref="Lost"/>.
    /// </summary>
    // The state is read before the count of connections: a new connection is counted before the state shows it.
    public bool IsValid => !_lost.IsCancellationRequested
        && _client.State == ZooKeeperState.Connected
        && _client.Connections == Volatile.Read(ref _checkedConnection)
        && _client.IsSurelyAlive;

    /// <summary>
    /// Releases the lease. It is invalid immediately; its nodes are deleted if the server can be reached, and end with the session
    /// otherwise (invariant F6). Waits 2 s at most.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Lose();
        if (Interlocked.Exchange(ref _released, 1) != 0)
            return;
        var removing = RemoveAsync();
        await Task.WhenAny(removing, Task.Delay(s_patience, _client.Options.Time)).ConfigureAwait(false);
    }

    private void Lose() => _lost.CancelAsync();

    private async Task RemoveAsync()
    {
        try
        {
            // In queue order: a waiter watches the last of them.
            await Task.WhenAll(_nodes.Select(_client.RemoveAsync)).ConfigureAwait(false);
        }
        catch (ZooKeeperException)
        {
            // The session is over, or the server refuses: the nodes end with the session.
        }
    }

    /// <summary>Looks at the lease once on each connection but that on which it was had, and loses it with the session.</summary>
    private async Task CheckConnectionsAsync()
    {
        try
        {
            await foreach (var state in _client.StatesAsync(Lost).ConfigureAwait(false))
            {
                if (state != ZooKeeperState.Connected || _client.Connections == Volatile.Read(ref _checkedConnection))
                    continue;
                if (!await CheckAsync().ConfigureAwait(false))
                    break;
            }
        }
        catch (Exception e) when (e is ZooKeeperException or OperationCanceledException)
        {
            // Over, or nothing more to be learnt.
        }
        Lose();
    }

    // A multi is decided by the ensemble, not by the one server that we are connected to.
    private async Task<bool> CheckAsync()
    {
        var connection = _client.Connections;
        try
        {
            await _client.AskAsync(() => _client.MultiAsync(Guard, Lost), Lost).ConfigureAwait(false);
            if (!IsOurs(await _client.AskAsync(() => _client.ExistsAsync(_nodes[^1], Lost), Lost).ConfigureAwait(false)))
                return false;
        }
        catch (ZooKeeperMultiException)
        {
            return false;
        }
        Volatile.Write(ref _checkedConnection, connection);
        return true;
    }

    private async Task WatchAsync(string node)
    {
        try
        {
            while (true)
            {
                var watched = await _client.AskAsync(() => _client.ExistsAndWatchAsync(node, Lost), Lost).ConfigureAwait(false);
                if (!IsOurs(watched.Value))
                    break;
                await watched.Changed.WaitAsync(Lost).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ZooKeeperException or OperationCanceledException)
        {
            // Over, or nothing more to be learnt.
        }
        Lose();
    }

    private bool IsOurs(NodeStat? stat) => stat?.EphemeralOwner == _client.SessionId;
}
