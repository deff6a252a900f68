using Daybook.ZooKeeper.Watches;

namespace Daybook.ZooKeeper.Tests.Wire;

public sealed class WatchTableTests
{
    private readonly WatchTable _table = new();

    [Theory]
    [InlineData(WatchEventType.Created, "Data Existence")]
    [InlineData(WatchEventType.DataChanged, "Data Existence")]
    [InlineData(WatchEventType.Deleted, "Data Existence Children")]
    [InlineData(WatchEventType.ChildrenChanged, "Children")]
    public void One_shots_hear_what_they_wait_for(WatchEventType type, string expected)
    {
        var watchers = Enum.GetValues<OneShotKind>().ToDictionary(kind => kind, kind => OneShot(kind, "/a"));
        _table.Notify(new WatchEvent(type, "/a"));
        Assert.Equal(expected, string.Join(' ', watchers.Where(pair => pair.Value.Task.IsCompletedSuccessfully).Select(pair => pair.Key)));
    }

    [Fact]
    public async Task One_shots_hear_once_and_of_their_own_node_only()
    {
        var (a, b) = (OneShot(OneShotKind.Data, "/a"), OneShot(OneShotKind.Data, "/b"));
        _table.Notify(new WatchEvent(WatchEventType.DataChanged, "/a"));
        _table.Notify(new WatchEvent(WatchEventType.Deleted, "/a"));
        Assert.Equal(new WatchEvent(WatchEventType.DataChanged, "/a"), await a.Task);
        Assert.False(b.Task.IsCompleted);
        Assert.Equal(["/b"], _table.Paths().Data);
    }

    [Theory]
    [InlineData(WatchEventType.DataChanged, "/a", "node below")]
    [InlineData(WatchEventType.ChildrenChanged, "/a", "node")]
    [InlineData(WatchEventType.Created, "/a/b", "node below")]
    [InlineData(WatchEventType.Deleted, "/a/b/c/d", "below")]
    [InlineData(WatchEventType.ChildrenChanged, "/a/b", "")]
    [InlineData(WatchEventType.Created, "/ab", "")]
    [InlineData(WatchEventType.Created, "/", "")]
    public void Lasting_watches_hear_of_their_node_and_recursive_ones_of_all_below(WatchEventType type, string path, string expected)
    {
        var (node, below, root) = (Lasting("/a", false), Lasting("/a", true), Lasting("/", true));
        _table.Notify(new WatchEvent(type, path));
        var heard = string.Join(' ', new[] { (node, "node"), (below, "below") }.Where(pair => pair.Item1.TryRead(out _)).Select(pair => pair.Item2));
        Assert.Equal(expected, heard);
        Assert.Equal(type != WatchEventType.ChildrenChanged, root.TryRead(out _));
    }

    [Fact]
    public void C3_resync_reaches_every_lasting_watch_and_no_one_shot()
    {
        var (watch, oneShot) = (Lasting("/a", true), OneShot(OneShotKind.Data, "/a"));
        _table.Resync();
        Assert.True(watch.TryRead(out var change));
        Assert.Equal(new WatchEvent(WatchEventType.Resync, "/a"), change);
        Assert.False(oneShot.Task.IsCompleted);
    }

    [Fact]
    public async Task C4_end_is_reported_once_to_each_watcher_even_later_ones()
    {
        var (watch, oneShot) = (Lasting("/a", true), OneShot(OneShotKind.Data, "/a"));
        _table.End(Expired(), quietly: false);
        _table.End(new ZooKeeperException(ZooKeeperError.SystemError, null, "a second end"), quietly: false);
        Assert.Equal(ZooKeeperError.SessionExpired, (await Assert.ThrowsAsync<ZooKeeperException>(() => oneShot.Task)).Error);
        Assert.Equal(ZooKeeperError.SessionExpired, (await Assert.ThrowsAsync<ZooKeeperException>(() => DrainAsync(watch))).Error);
        await Assert.ThrowsAsync<ZooKeeperException>(() => DrainAsync(Lasting("/b", false)));
        await Assert.ThrowsAsync<ZooKeeperException>(() => OneShot(OneShotKind.Data, "/b").Task);
        Assert.True(_table.Paths().IsEmpty);
    }

    [Fact]
    public async Task Watches_of_a_closed_client_end_quietly()
    {
        var watch = Lasting("/a", true);
        _table.End(Expired(), quietly: true);
        await DrainAsync(watch);
    }

    [Fact]
    public void Server_may_forget_a_node_when_nobody_watches_it_or_is_about_to()
    {
        var (one, other) = (Lasting("/a", true), Lasting("/a", false));
        _table.Remove(one);
        Assert.False(_table.IsUnwatched("/a"));
        _table.InFlight.Asked("/a", null);
        _table.Remove(other);
        Assert.False(_table.IsUnwatched("/a"));
        _table.InFlight.Answered("/a", null);
        Assert.True(_table.IsUnwatched("/a"));
        OneShot(OneShotKind.Children, "/a");
        Assert.False(_table.IsUnwatched("/a"));
    }

    [Fact]
    public void Watch_cancelled_before_it_was_confirmed_is_not_kept()
    {
        var watch = new NodeWatch("/a", false, _ => ValueTask.CompletedTask);
        _table.Remove(watch);
        _table.Add(watch);
        Assert.True(_table.Paths().IsEmpty);
    }

    [Theory]
    [InlineData(false, OneShotKind.Data, true)]
    [InlineData(false, OneShotKind.Children, true)]
    [InlineData(true, OneShotKind.Existence, true)]
    [InlineData(true, OneShotKind.Children, false)]
    internal void Server_is_not_asked_for_what_a_lasting_watch_tells(bool recursive, OneShotKind kind, bool covered)
    {
        _table.InFlight.Asked("/a", recursive);
        Assert.Equal(covered, _table.IsCovered(kind, "/a"));
        _table.InFlight.Answered("/a", recursive);
        Assert.False(_table.IsCovered(kind, "/a"));
        Lasting("/a", recursive);
        Assert.Equal(covered, _table.IsCovered(kind, "/a"));
        Assert.False(_table.IsCovered(kind, "/a/b"));
    }

    private static ZooKeeperException Expired() => new(ZooKeeperError.SessionExpired, null, "over");

    private static async Task DrainAsync(NodeWatch watch)
    {
        await foreach (var _ in watch)
        {
        }
    }

    private TaskCompletionSource<WatchEvent> OneShot(OneShotKind kind, string path)
    {
        var watcher = new TaskCompletionSource<WatchEvent>();
        _table.Add(kind, path, watcher);
        return watcher;
    }

    private NodeWatch Lasting(string path, bool recursive)
    {
        var watch = new NodeWatch(path, recursive, _ => ValueTask.CompletedTask);
        _table.Add(watch);
        return watch;
    }
}
