using Daybook.BookKeeper.Metadata;
using Daybook.ZooKeeper;
using Daybook.ZooKeeper.Recipes;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Placement;

/// <summary>The bookies registered in ZooKeeper. While that cannot be reached they stay as they were last known.</summary>
internal sealed class BookieDirectory : IBookieDirectory, IAsyncDisposable
{
    private readonly CachedSubtree _tree;
    private readonly LedgerPaths _paths;
    private readonly ILogger _log;
    private readonly Task _following;
    private BookieLists _lists;

    private BookieDirectory(CachedSubtree tree, LedgerPaths paths, ILogger log)
    {
        (_tree, _paths, _log) = (tree, paths, log);
        _lists = BookieLists.Empty(paths).Next(tree.Current, paths, log);
        _following = FollowAsync();
    }

    public IReadOnlyList<BookieRegistration> Writable => Volatile.Read(ref _lists).Writable;

    public IReadOnlyList<BookieRegistration> ReadOnly => Volatile.Read(ref _lists).ReadOnly;

    public Task Changed => Volatile.Read(ref _lists).Followed.Task;

    /// <summary>All that are registered, for users.</summary>
    public IReadOnlyList<BookieInfo> List()
    {
        var lists = Volatile.Read(ref _lists);
        static BookieInfo Info(BookieRegistration bookie, bool isReadOnly) => new(bookie.Bookie, bookie.Host, bookie.Port, isReadOnly, bookie.Properties);
        return [.. lists.Writable.Select(bookie => Info(bookie, false)), .. lists.ReadOnly.Select(bookie => Info(bookie, true))];
    }

    /// <summary>Reads which bookies are registered, and follows changes until this is disposed of.</summary>
    /// <param name="sessions">Whose sessions watch.</param>
    /// <param name="options">How long to try, and where to log.</param>
    /// <param name="paths">Where bookies register.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.MetadataUnavailable"/>, also for a server before 3.6, which cannot report what
    /// happens below a node.</exception>
    public static async Task<BookieDirectory> OpenAsync(
        SessionKeeper sessions, BookKeeperOptions options, LedgerPaths paths, CancellationToken cancellationToken = default)
    {
        var calls = new MetadataCalls(sessions, options);
        var tree = await calls.AskAsync(null, (_, stop) => CachedSubtree.OpenAsync(sessions, paths.Available, stop), cancellationToken).ConfigureAwait(false);
        return new BookieDirectory(tree, paths, options.Logging.CreateLogger<BookieDirectory>());
    }

    public (string Host, int Port)? AddressOf(BookieId bookie)
    {
        if (Volatile.Read(ref _lists).LastAddressOf(bookie) is { } known)
            return known;
        return BookieRegistration.AddressIn(bookie) is { Port: > 0 and <= ushort.MaxValue } named ? named : null;
    }

    /// <summary>Stops following.</summary>
    public async ValueTask DisposeAsync()
    {
        await _tree.DisposeAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var snapshot in _tree.SnapshotsAsync().ConfigureAwait(false))
                Publish(_lists.Next(snapshot, _paths, _log));
        }
        catch (ZooKeeperException e)
        {
            PlacementLog.Ended(_log, e);
        }
    }

    private void Publish(BookieLists next)
    {
        var before = _lists;
        if (next == before)
            return;
        PlacementLog.Bookies(_log, next.Writable.Count, next.ReadOnly.Count);
        Volatile.Write(ref _lists, next);
        before.Followed.TrySetResult();
    }
}
