using Daybook.Servers;
using Daybook.Servers.Debian;

namespace Daybook.ZooKeeper.Tests.Client;

[Collection(RealServerCollection.Name)]
public sealed class WatchTests(RealServer server)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task One_shot_watches_report_the_first_change()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var path = root + "/n";
        var (created, children) = (await client.ExistsAndWatchAsync(path), await client.ChildrenAndWatchAsync(root));
        await client.CreateAsync(path);
        Assert.Equal(WatchEventType.Created, (await created.Changed.WaitAsync(Clients.Patience)).Type);
        Assert.Equal(new WatchEvent(WatchEventType.ChildrenChanged, root), await children.Changed.WaitAsync(Clients.Patience));
        var (data, exists) = (await client.GetAndWatchAsync(path), await client.ExistsAndWatchAsync(path));
        await client.SetAsync(path, default);
        Assert.Equal(WatchEventType.DataChanged, (await data.Changed.WaitAsync(Clients.Patience)).Type);
        Assert.Equal(WatchEventType.DataChanged, (await exists.Changed.WaitAsync(Clients.Patience)).Type);
        var (gone, noChildren) = (await client.GetAndWatchAsync(path), await client.ChildrenAndWatchAsync(path));
        await client.DeleteAsync(path);
        Assert.Equal(WatchEventType.Deleted, (await gone.Changed.WaitAsync(Clients.Patience)).Type);
        Assert.Equal(WatchEventType.Deleted, (await noChildren.Changed.WaitAsync(Clients.Patience)).Type);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C5_event_is_there_before_the_read_that_shows_the_change()
    {
        var (reader, root) = await server.ConnectWithRootAsync();
        await using var _ = reader;
        await using var writer = await server.ConnectAsync();
        await using var watch = await reader.WatchAsync(root);
        for (var version = 1; version <= 200; version++)
        {
            var set = writer.SetAsync(root, default);
            while ((await reader.GetAsync(root)).Stat.Version < version)
            {
            }
            Assert.True(watch.TryRead(out var change), $"no event before version {version} was read");
            Assert.Equal(new WatchEvent(WatchEventType.DataChanged, root), change);
            await set;
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C5_requests_of_one_session_are_answered_in_order()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var sets = Enumerable.Range(0, 500).Select(_ => client.SetAsync(root, default)).ToList();
        var versions = (await Task.WhenAll(sets)).Select(stat => stat.Version);
        Assert.Equal(Enumerable.Range(1, 500), versions);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C5_blocked_reader_of_events_and_of_replies_stops_no_ping()
    {
        var (client, root) = await server.ConnectWithRootAsync(o => o with { SessionTimeout = TimeSpan.FromSeconds(4) });
        await using var _ = client;
        await using var other = await server.ConnectAsync();
        var watch = await client.WatchAsync(root);
        using var free = new ManualResetEventSlim();
        var blocked = new Task[] { watch.NextAsync(), client.GetAsync(root) }.Select(
            task => task.ContinueWith(_ => free.Wait(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)).ToList();
        await other.SetAsync(root, default);
        // Longer than the session lives without pings, and than the thread pool needs to replace two blocked threads.
        await Task.Delay(TimeSpan.FromSeconds(6));
        Assert.Equal(ZooKeeperState.Connected, client.State);
        Assert.True(client.IsSurelyAlive);
        free.Set();
        await Task.WhenAll(blocked);
    }

    [SkippableTheory(typeof(MissingToolException))]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_shot_watch_of_a_node_does_not_end_a_lasting_one(bool recursive)
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        await using var lasting = await client.WatchAsync(root, recursive);
        for (var i = 0; i < 3; i++)
        {
            var oneShot = await client.GetAndWatchAsync(root);
            await client.SetAsync(root, default);
            Assert.Equal(WatchEventType.DataChanged, (await oneShot.Changed.WaitAsync(Clients.Patience)).Type);
            Assert.Equal(WatchEventType.DataChanged, (await lasting.NextAsync()).Type);
        }
        var children = await client.ChildrenAndWatchAsync(root);
        await client.CreateAsync(root + "/c");
        Assert.Equal(WatchEventType.ChildrenChanged, (await children.Changed.WaitAsync(Clients.Patience)).Type);
        Assert.Equal(recursive ? WatchEventType.Created : WatchEventType.ChildrenChanged, (await lasting.NextAsync()).Type);
    }

    [SkippableTheory(typeof(MissingToolException))]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_of_a_node_and_one_of_all_below_it_live_side_by_side(bool treeFirst)
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var first = await client.WatchAsync(root, recursive: treeFirst);
        var second = await client.WatchAsync(root, recursive: !treeFirst);
        var (tree, node) = treeFirst ? (first, second) : (second, first);
        await client.CreateAsync(root + "/c");
        await client.SetAsync(root + "/c", default);
        await client.SetAsync(root, default);
        await client.SyncAsync();
        Assert.Equal([WatchEventType.Created, WatchEventType.DataChanged, WatchEventType.DataChanged], Drain(tree));
        Assert.Equal([WatchEventType.ChildrenChanged, WatchEventType.DataChanged], Drain(node));
        await tree.DisposeAsync();
        Assert.Equal([WatchEventType.Resync], Drain(node));
        await client.DeleteAsync(root + "/c");
        await client.SetAsync(root, default);
        Assert.Equal([WatchEventType.ChildrenChanged, WatchEventType.DataChanged], Drain(node));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Disposed_watch_is_forgotten_by_the_server()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var real = await server.StartedAsync();
        var (watch, tree) = (await client.WatchAsync(root), await client.WatchAsync(root, recursive: true));
        Assert.Contains(root, await real.FourLetterAsync("wchp"), StringComparison.Ordinal);
        await watch.DisposeAsync();
        await tree.DisposeAsync();
        await Wait.UntilAsync(async () => !(await real.FourLetterAsync("wchp")).Contains(root, StringComparison.Ordinal), "the server had forgotten the watch");
        await client.SetAsync(root, default);
        Assert.Empty(Drain(watch));
    }

    private static List<WatchEventType> Drain(NodeWatch watch)
    {
        var types = new List<WatchEventType>();
        while (watch.TryRead(out var change))
            types.Add(change.Type);
        return types;
    }
}
