using Daybook.ZooKeeper.Sessions;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper;

public sealed partial class ZooKeeperClient
{
    private const int AnyWatcher = 3;

    /// <summary>
    /// Watches a node for as long as the session lives, from the moment the task completes. What happens while no server is connected is not
    /// reported; <see cref="WatchEventType.Resync"/> is instead.
    /// </summary>
    /// <param name="path">The node; it need not exist.</param>
    /// <param name="recursive">Whether to watch everything below it too; then no event reports changed children; the child's own event does.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<NodeWatch> WatchAsync(string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        PathRules.Check(path);
        var watch = new NodeWatch(path, recursive, RemoveAsync);
        try
        {
            await AddAsync(path, recursive, () => _session.Watches.Add(watch), cancellationToken).ConfigureAwait(false);
            return watch;
        }
        catch
        {
            _session.Watches.Remove(watch);
            throw;
        }
    }

    private Task<bool> AddAsync(string path, bool recursive, Action added, CancellationToken cancellationToken)
    {
        return SendAsync(
            () => new Request<bool>(OpCode.AddWatch, path, AddBody(path, recursive), static (ref JuteReader _) => true)
            {
                AtWriting = () =>
                {
                    // Servers before 3.9 keep one mode a node (ZOOKEEPER-4466): a watch of the node must not end that of all below it.
                    _session.Watches.InFlight.Asked(path, recursive);
                    return AddBody(path, _session.Watches.HasRecursive(path));
                },
                Answered = error =>
                {
                    _session.Watches.InFlight.Answered(path, recursive);
                    if (error == ZooKeeperError.None)
                        added();
                },
            },
            cancellationToken);
    }

    private ReadOnlyMemory<byte> AddBody(string path, bool recursive) => new JuteWriter().Text(Server(path)).Int(recursive ? 1 : 0).Written;

    private async ValueTask RemoveAsync(NodeWatch watch)
    {
        _session.Watches.Remove(watch);
        watch.End(null);
        if (State != ZooKeeperState.Connected)
            return;
        if (watch.IsRecursive && _session.Watches.IsOnlyNodeWatched(watch.Path))
            await NarrowAsync(watch.Path).ConfigureAwait(false);
        else if (_session.Watches.IsUnwatched(watch.Path))
            await ForgetAsync(watch.Path).ConfigureAwait(false);
    }

    /// <summary>Has the server report the node and its list of children again, instead of the whole subtree.</summary>
    private async Task NarrowAsync(string path)
    {
        try
        {
            await AddAsync(path, recursive: false, () => _session.Watches.Resync(path), CancellationToken.None).ConfigureAwait(false);
        }
        catch (ZooKeeperException)
        {
            // The connection is gone, and the next one sets only what is watched.
        }
    }

    private async Task ForgetAsync(string path)
    {
        ReadOnlyMemory<byte> body = new JuteWriter().Text(Server(path)).Int(AnyWatcher).Written;
        try
        {
            await SendAsync(
                () => new Request<bool>(OpCode.RemoveWatches, path, body, static (ref JuteReader _) => true)
                {
                    AtWriting = () => _session.Watches.IsUnwatched(path) ? body : null,
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ZooKeeperException or OperationCanceledException)
        {
            // The server keeps sending events that no watch takes; or the session, and with it the watch, is over; or there is a new watch.
        }
    }
}
