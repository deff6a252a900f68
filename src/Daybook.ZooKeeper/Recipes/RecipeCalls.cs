namespace Daybook.ZooKeeper.Recipes;

/// <summary>What recipes do over and over: calls that may be carried out twice, and paths that must be there.</summary>
internal static class RecipeCalls
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Repeats a call that has the same effect once or twice, until it is answered or the session ends.</summary>
    public static async Task<T> AskAsync<T>(this ZooKeeperClient client, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (ZooKeeperException e) when (e.IsTransient)
            {
                await client.PauseAfterAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits a little, so as not to repeat without end what the server refuses. After a lost connection the next call waits by itself.</summary>
    /// <exception cref="ZooKeeperException"><see cref="ZooKeeperError.SessionExpired"/> when the session has ended meanwhile: a lost connection is
    /// then the lesser half of the news (invariant C4).</exception>
    public static Task PauseAfterAsync(this ZooKeeperClient client, ZooKeeperException error, CancellationToken cancellationToken)
    {
        if (client.Ended.IsCancellationRequested)
            throw new ZooKeeperException(
                ZooKeeperError.SessionExpired, error.Path, $"The session ended. Before that: {error.Message}", error.IsOutcomeUnknown, error);
        return error.Error == ZooKeeperError.ConnectionLoss ? Task.CompletedTask : Task.Delay(s_pause, client.Options.Time, cancellationToken);
    }

    /// <summary>Creates a node where there is none, with all nodes above it; those are persistent.</summary>
    public static async Task EnsureAsync(this ZooKeeperClient client, string path, CreateMode mode, CancellationToken cancellationToken)
    {
        for (var end = path.IndexOf('/', 1); end > 0; end = path.IndexOf('/', end + 1))
            await EnsureOneAsync(client, path[..end], CreateMode.Persistent, cancellationToken).ConfigureAwait(false);
        await EnsureOneAsync(client, path, mode, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A read that sees every write that was answered before, to any client (invariant C8).</summary>
    public static Task<T> AskFreshAsync<T>(this ZooKeeperClient client, string path, Func<Task<T>> read, CancellationToken cancellationToken) =>
        client.AskAsync(
            async () =>
            {
                await client.SyncAsync(path, cancellationToken).ConfigureAwait(false);
                return await read().ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Deletes a node that nobody else makes, until that is answered or the session ends.</summary>
    public static Task RemoveAsync(this ZooKeeperClient client, string path) => client.AskAsync(
        async () =>
        {
            try
            {
                await client.DeleteAsync(path).ConfigureAwait(false);
                return true;
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
            {
                return false;
            }
        },
        CancellationToken.None);

    public static string Parent(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static Task<bool> EnsureOneAsync(ZooKeeperClient client, string path, CreateMode mode, CancellationToken cancellationToken) =>
        client.AskAsync(
            async () =>
            {
                try
                {
                    await client.CreateAsync(path, mode: mode, cancellationToken: cancellationToken).ConfigureAwait(false);
                    return true;
                }
                catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NodeExists)
                {
                    return false;
                }
            },
            cancellationToken);
}
