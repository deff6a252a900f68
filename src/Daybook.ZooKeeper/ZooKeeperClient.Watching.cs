using Daybook.ZooKeeper.Sessions;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper;

public sealed partial class ZooKeeperClient
{
    private const int AnyWatcher = 3;

    /// <summary>
    /// Watches a node for as long as the session lives, from the moment the task completes. What happens while no server is connected is not
    /// told; <see cref="WatchEventType.Resync"/> is instead.
    /// </summary>
    /// <param name="path">The node; it need not exist.</param>
    /// <param name="recursive">Whether to watch everything below it too; then no event says that children changed, the child's own does.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<NodeWatch> WatchAsync(string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        PathRules.Check(path);
        var watch = new NodeWatch(path, recursive, RemoveAsync);
        try
        {
            await AddAsync(path, recursive, () => _session.Watches.Add(watch), cancellationToken).ConfigureAwait(false);
            // Servers before 3.9 keep one mode a node (ZOOKEEPER-4466): the watch of the node took the place of that of all below it.
            if (!recursive && _session.Watches.HasRecursive(path))
                await AddAsync(path, recursive: true, () => _session.Watches.Resync(path), cancellationToken).ConfigureAwait(false);
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
        ReadOnlyMemory<byte> body = new JuteWriter().Text(Server(path)).Int(recursive ? 1 : 0).Written;
        return SendAsync(
            () => new Request<bool>(OpCode.AddWatch, path, body, static (ref JuteReader _) => true)
            {
                AtWriting = () =>
                {
                    _session.Watches.InFlight.Asked(path, recursive);
                    return body;
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

    private async ValueTask RemoveAsync(NodeWatch watch)
    {
        _session.Watches.Remove(watch);
        watch.End(null);
        if (State != ZooKeeperState.Connected || !_session.Watches.IsUnwatched(watch.Path))
            return;
        ReadOnlyMemory<byte> body = new JuteWriter().Text(Server(watch.Path)).Int(AnyWatcher).Written;
        try
        {
            await SendAsync(
                () => new Request<bool>(OpCode.RemoveWatches, watch.Path, body, static (ref JuteReader _) => true)
                {
                    AtWriting = () => _session.Watches.IsUnwatched(watch.Path) ? body : null,
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ZooKeeperException or OperationCanceledException)
        {
            // The server goes on telling, and nobody listens; or the session is over and so is the watch; or somebody watches again.
        }
    }
}
