namespace Daybook.ZooKeeper.Recipes;

/// <summary>Work that goes on from session to session until it is stopped.</summary>
internal static class SessionWork
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Does the work on a session, and on the next when that one has ended. The work throws when its session ends, as every call then does.
    /// </summary>
    /// <param name="sessions">Where sessions come from.</param>
    /// <param name="work">The work; it may throw for a lost connection too, and is begun again.</param>
    /// <param name="stop">Ends it, without an exception.</param>
    /// <exception cref="ZooKeeperException">One that a repetition would not help.</exception>
    public static async Task RunAsync(SessionKeeper sessions, Func<ZooKeeperClient, CancellationToken, Task> work, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await sessions.GetAsync(stop).ConfigureAwait(false);
                await work(client, stop).ConfigureAwait(false);
            }
            catch (ZooKeeperException e) when (e.IsTransient || e.Error == ZooKeeperError.SessionExpired)
            {
                await PauseAsync(sessions, e, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                // No session comes any more: their keeper was closed.
                return;
            }
        }
    }

    private static async Task PauseAsync(SessionKeeper sessions, ZooKeeperException error, CancellationToken stop)
    {
        if (error.Error == ZooKeeperError.SessionExpired)
            return;
        await Task.Delay(s_pause, sessions.Options.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
