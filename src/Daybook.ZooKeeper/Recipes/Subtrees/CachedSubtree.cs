using System.Runtime.CompilerServices;

namespace Daybook.ZooKeeper.Recipes;

/// <summary>
/// A node and all below it, kept in memory: a recursive watch reports what to read again, and after every lost connection or session everything
/// is read again, as changes meanwhile are not reported (invariant C3).
/// </summary>
/// <remarks>It lags behind the server by a round trip or two, and by more while there is no server: <see cref="IsCurrent"/>. Decide by writes.</remarks>
public sealed class CachedSubtree : IAsyncDisposable
{
    private readonly SessionKeeper _sessions;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _keeping = Task.CompletedTask;
    private Version _last = new(SubtreeSnapshot.Empty);
    private ReadOn? _readOn;

    private CachedSubtree(SessionKeeper sessions, string path) => (_sessions, Path) = (sessions, path);

    /// <summary>The node at the top.</summary>
    public string Path { get; }

    /// <summary>What is there, as far as is known.</summary>
    public SubtreeSnapshot Current => Volatile.Read(ref _last).Snapshot;

    /// <summary>True while a server reports changes and everything was read on its connection; then the lag is that of a message.</summary>
    public bool IsCurrent => Volatile.Read(ref _readOn) is { } on && on.Client.State == ZooKeeperState.Connected && on.Client.Connections == on.Connection;

    /// <summary>Reads the subtree for the first time and keeps it up to date until this is disposed of.</summary>
    /// <param name="sessions">Whose sessions watch it.</param>
    /// <param name="path">The node at the top; it need not exist.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ZooKeeperException">The session may not read it, or the server does not know recursive watches (before 3.6).</exception>
    public static async Task<CachedSubtree> OpenAsync(SessionKeeper sessions, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        Wire.PathRules.Check(path);
        var tree = new CachedSubtree(sessions, path);
        tree._keeping = tree.KeepAsync();
        try
        {
            await tree._read.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return tree;
        }
        catch
        {
            await tree.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// The present snapshot and every later one. A slow reader skips those in between, so nothing piles up. Ends when this is disposed of.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ZooKeeperException">The session may not read it any more.</exception>
    public async IAsyncEnumerable<SubtreeSnapshot> SnapshotsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var last = Volatile.Read(ref _last);
            yield return last.Snapshot;
            if (!await last.IsFollowed.Task.WaitAsync(cancellationToken).ConfigureAwait(false))
                yield break;
        }
    }

    /// <summary>
    /// What changed, a batch at a time; the first batch has everything that is there. A node that changes more than once between two batches is
    /// in the second once, with its state before and after. Ends when this is disposed of.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ZooKeeperException">The session may not read it any more.</exception>
    public async IAsyncEnumerable<IReadOnlyList<SubtreeChange>> ChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var before = SubtreeSnapshot.Empty;
        await foreach (var snapshot in SnapshotsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (snapshot.ChangesSince(before) is { Count: > 0 } changes)
                yield return changes;
            before = snapshot;
        }
    }

    /// <summary>Stops watching.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
    }

    private async Task KeepAsync()
    {
        try
        {
            await SessionWork.RunAsync(_sessions, KeepOnAsync, _stop.Token).ConfigureAwait(false);
            _read.TrySetCanceled();
            _last.IsFollowed.TrySetResult(false);
        }
        catch (Exception e)
        {
            _read.TrySetException(e);
            _last.IsFollowed.TrySetException(e);
        }
        Volatile.Write(ref _readOn, null);
    }

    private async Task KeepOnAsync(ZooKeeperClient client, CancellationToken stop)
    {
        await using var watch = await client.WatchAsync(Path, recursive: true, stop).ConfigureAwait(false);
        var reader = new SubtreeReader(client, Path, stop);
        await ReadAllAsync(client, reader).ConfigureAwait(false);
        await foreach (var first in watch.WithCancellation(stop).ConfigureAwait(false))
        {
            var changed = new HashSet<string>(StringComparer.Ordinal);
            var isResync = false;
            for (WatchEvent? change = first; change is not null; change = watch.TryRead(out var next) ? next : null)
            {
                isResync |= change.Type == WatchEventType.Resync;
                changed.Add(change.Path);
            }
            if (isResync)
                await ReadAllAsync(client, reader).ConfigureAwait(false);
            else
                Publish(await reader.ReadAgainAsync(Current, changed).ConfigureAwait(false));
        }
    }

    private async Task ReadAllAsync(ZooKeeperClient client, SubtreeReader reader)
    {
        var connection = client.Connections;
        Publish(await reader.ReadAllAsync().ConfigureAwait(false));
        Volatile.Write(ref _readOn, new ReadOn(client, connection));
        _read.TrySetResult();
    }

    private void Publish(SubtreeSnapshot snapshot)
    {
        var before = _last;
        if (snapshot.IsSameAs(before.Snapshot))
            return;
        Volatile.Write(ref _last, new Version(snapshot));
        before.IsFollowed.TrySetResult(true);
    }

    private sealed record ReadOn(ZooKeeperClient Client, long Connection);

    /// <summary>A snapshot, and the news of the next one: true when there is one, false when there will be none.</summary>
    private sealed record Version(SubtreeSnapshot Snapshot)
    {
        public TaskCompletionSource<bool> IsFollowed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
