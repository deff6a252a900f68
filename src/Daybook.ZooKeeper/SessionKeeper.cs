namespace Daybook.ZooKeeper;

/// <summary>
/// Has a live session whenever one can be had: after one has ended it opens the next. What belongs to a session (ephemeral nodes, watches)
/// belongs to the <see cref="ZooKeeperClient"/> it was made with, and its user makes a new one with the next client (invariant C4).
/// </summary>
/// <param name="options">For every session.</param>
public sealed class SessionKeeper(ZooKeeperOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private ZooKeeperClient? _client;
    private volatile bool _disposed;

    /// <summary>How sessions are opened.</summary>
    public ZooKeeperOptions Options => options;

    /// <summary>The session that lives, perhaps without a server at the moment; opens one if there is none.</summary>
    /// <exception cref="ZooKeeperException">No session could be opened (<see cref="ZooKeeperClient.ConnectAsync(ZooKeeperOptions, CancellationToken)"/>);
    /// the next call tries again.</exception>
    public async ValueTask<ZooKeeperClient> GetAsync(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _client) is { Ended.IsCancellationRequested: false } living)
            return living;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_client is { Ended.IsCancellationRequested: false } other)
                return other;
            if (_client is { } ended)
                await ended.DisposeAsync().ConfigureAwait(false);
            var opened = await ZooKeeperClient.ConnectAsync(options, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _client, opened);
            return opened;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Closes the session.</summary>
    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            _disposed = true;
            if (_client is { } client)
                await client.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }
}
