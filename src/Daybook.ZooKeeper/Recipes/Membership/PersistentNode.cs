namespace Daybook.ZooKeeper.Recipes;

/// <summary>
/// An ephemeral node that comes back: with every new session it is created again, with the data as set last. It is gone while no session lives.
/// </summary>
/// <remarks>
/// A node that another session left at the path, such as the one of an earlier run of this process, is not touched: it is waited for until it
/// expires (invariant F6). One that somebody deletes is made again.
/// </remarks>
public sealed class PersistentNode : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly SessionKeeper _sessions;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task _keeping = Task.CompletedTask;
    private (ReadOnlyMemory<byte> Data, long Number, TaskCompletionSource Set) _wanted;
    private ZooKeeperClient? _client;
    private ZooKeeperClient? _owner;

    private PersistentNode(SessionKeeper sessions, string path, ReadOnlyMemory<byte> data) =>
        (_sessions, Path, _wanted) = (sessions, path, (data, 1, _registered));

    /// <summary>The node.</summary>
    public string Path { get; }

    /// <summary>Whether the node was there, made by a session that lives as far as is known here.</summary>
    public bool IsRegistered => Volatile.Read(ref _owner) is { Ended.IsCancellationRequested: false };

    /// <summary>Creates the node, and keeps it until this is disposed of.</summary>
    /// <param name="sessions">Whose sessions own the node.</param>
    /// <param name="path">The node; what is missing above it is made.</param>
    /// <param name="data">Its data.</param>
    /// <param name="cancellationToken">Stops waiting; nothing is left behind.</param>
    /// <returns>When the node is there for the first time.</returns>
    /// <exception cref="ZooKeeperException"><see cref="ZooKeeperError.NodeExists"/> when a node that is not ephemeral is at the path; or what the
    /// session may not do.</exception>
    public static async Task<PersistentNode> StartAsync(
        SessionKeeper sessions, string path, ReadOnlyMemory<byte> data = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        Wire.PathRules.Check(path);
        var node = new PersistentNode(sessions, path, data.ToArray());
        node._keeping = node.KeepAsync();
        try
        {
            await node._registered.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return node;
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sets the data, now and for every later session. Of concurrent calls the last one stays.</summary>
    /// <returns>When the node has them, or later ones. Lost answers are made up for.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the data are set all the same, if a session lives.</exception>
    public Task UpdateAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        TaskCompletionSource set;
        lock (_lock)
        {
            set = _wanted.Set.Task.IsCompleted ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : _wanted.Set;
            _wanted = (data.ToArray(), _wanted.Number + 1, set);
        }
        _news.Release();
        return set.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Deletes the node, best effort: where the server cannot be reached within 2 s it goes with the session.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        Volatile.Write(ref _owner, null);
        if (Interlocked.Exchange(ref _client, null) is { } client)
            await Task.WhenAny(RemoveAsync(client), Task.Delay(s_patience, _sessions.Options.Time)).ConfigureAwait(false);
    }

    private async Task KeepAsync()
    {
        try
        {
            await SessionWork.RunAsync(_sessions, KeepOnAsync, _stop.Token).ConfigureAwait(false);
            Wanted.Set.TrySetCanceled();
            _registered.TrySetCanceled();
        }
        catch (Exception e)
        {
            Volatile.Write(ref _owner, null);
            Wanted.Set.TrySetException(e);
            _registered.TrySetException(e);
        }
    }

    private async Task KeepOnAsync(ZooKeeperClient client, CancellationToken stop)
    {
        Volatile.Write(ref _client, client);
        while (true)
        {
            var (data, number, _) = Wanted;
            var gone = await PutAsync(client, data, stop).ConfigureAwait(false);
            if (gone is null)
                continue;
            Volatile.Write(ref _owner, client);
            Settled(number);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var news = _news.WaitAsync(waiting.Token);
            var first = await Task.WhenAny(news, gone).ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            await first.ConfigureAwait(false);
        }
    }

    /// <summary>Has the node there with the data, owned by this session.</summary>
    /// <returns>The news of its change; null when another's node was waited for.</returns>
    private async Task<Task<WatchEvent>?> PutAsync(ZooKeeperClient client, ReadOnlyMemory<byte> data, CancellationToken stop)
    {
        var found = await client.ExistsAndWatchAsync(Path, stop).ConfigureAwait(false);
        if (found.Value is null)
        {
            await CreateAsync(client, data, stop).ConfigureAwait(false);
            return null;
        }
        if (found.Value.EphemeralOwner == 0)
            throw new ZooKeeperException(ZooKeeperError.NodeExists, Path, $"The node '{Path}' exists and is not ephemeral; it cannot be owned by a session.");
        if (found.Value.EphemeralOwner != client.SessionId)
        {
            await found.Changed.WaitAsync(stop).ConfigureAwait(false);
            return null;
        }
        return await SetAsync(client, data, stop).ConfigureAwait(false) ? found.Changed : null;
    }

    /// <returns>True when the data were as wanted already.</returns>
    private async Task<bool> SetAsync(ZooKeeperClient client, ReadOnlyMemory<byte> data, CancellationToken stop)
    {
        try
        {
            var there = await client.GetAsync(Path, stop).ConfigureAwait(false);
            if (there.Data.AsSpan().SequenceEqual(data.Span))
                return true;
            await client.SetAsync(Path, data, there.Stat.Version, stop).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error is ZooKeeperError.NoNode or ZooKeeperError.BadVersion)
        {
            // Changed by others since it was looked at: looked at again.
        }
        return false;
    }

    private async Task CreateAsync(ZooKeeperClient client, ReadOnlyMemory<byte> data, CancellationToken stop)
    {
        try
        {
            await client.CreateAsync(Path, data, CreateMode.Ephemeral, cancellationToken: stop).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoNode)
        {
            await client.EnsureAsync(RecipeCalls.Parent(Path), CreateMode.Persistent, stop).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NodeExists)
        {
            // By ourselves, the time before, or by another: looked at again.
        }
    }

    private (ReadOnlyMemory<byte> Data, long Number, TaskCompletionSource Set) Wanted
    {
        get
        {
            lock (_lock)
                return _wanted;
        }
    }

    private void Settled(long number)
    {
        lock (_lock)
        {
            if (_wanted.Number == number)
                _wanted.Set.TrySetResult();
        }
    }

    private async Task RemoveAsync(ZooKeeperClient client)
    {
        try
        {
            var stat = await client.AskAsync(() => client.ExistsAsync(Path), CancellationToken.None).ConfigureAwait(false);
            if (stat?.EphemeralOwner == client.SessionId)
                await client.RemoveAsync(Path).ConfigureAwait(false);
        }
        catch (ZooKeeperException)
        {
            // The session is over, or the server refuses: the node ends with the session.
        }
    }
}
