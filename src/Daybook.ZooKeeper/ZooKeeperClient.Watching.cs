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
        await SendAsync(
            () => new Request<bool>(
                OpCode.AddWatch, path, new JuteWriter().Text(Server(path)).Int(recursive ? 1 : 0).Written, static (ref JuteReader _) => true)
            {
                Answered = error =>
                {
                    if (error == ZooKeeperError.None)
                        _session.Watches.Add(watch);
                },
            },
            cancellationToken).ConfigureAwait(false);
        return watch;
    }

    private async ValueTask RemoveAsync(NodeWatch watch)
    {
        var isLast = _session.Watches.Remove(watch);
        watch.End(null);
        if (!isLast || State != ZooKeeperState.Connected)
            return;
        try
        {
            var body = new JuteWriter().Text(Server(watch.Path)).Int(AnyWatcher);
            await SendAsync(() => Nothing(OpCode.RemoveWatches, watch.Path, body), CancellationToken.None).ConfigureAwait(false);
        }
        catch (ZooKeeperException)
        {
            // The server goes on telling, and nobody listens, or the session is over and so is the watch.
        }
    }
}
