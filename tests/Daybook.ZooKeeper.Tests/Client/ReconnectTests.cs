using System.Diagnostics;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>C3, C4 and C6 on a real server behind a network that fails.</summary>
[Collection(RealServerCollection.Name)]
public sealed class ReconnectTests(RealServer server)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task C3_one_shot_watches_report_missed_changes_and_lasting_ones_require_a_new_read()
    {
        var (other, root) = await server.ConnectWithRootAsync();
        await using var _ = other;
        await using var proxy = FaultProxy.Start((await server.StartedAsync()).Port);
        foreach (var name in new[] { "set", "deleted", "parent", "same" })
            await other.CreateAsync($"{root}/{name}");
        await using var client = await ConnectAsync(proxy, TimeSpan.FromSeconds(10));
        var session = client.SessionId;
        var set = await client.GetAndWatchAsync(root + "/set");
        var deleted = await client.ExistsAndWatchAsync(root + "/deleted");
        var created = await client.ExistsAndWatchAsync(root + "/created");
        var parent = await client.ChildrenAndWatchAsync(root + "/parent");
        var same = await client.GetAndWatchAsync(root + "/same");
        await using var lasting = await client.WatchAsync(root);
        await using var tree = await client.WatchAsync(root + "/parent", recursive: true);

        await proxy.RefuseConnectionsAsync();
        proxy.CutAll();
        await client.ReachesAsync(ZooKeeperState.Suspended);
        await other.SetAsync(root + "/set", default);
        await other.DeleteAsync(root + "/deleted");
        await other.CreateAsync(root + "/created");
        await other.CreateAsync(root + "/parent/child");
        proxy.AcceptConnections();

        Assert.Equal(WatchEventType.DataChanged, (await set.Changed.WaitAsync(Clients.Patience)).Type);
        Assert.Equal(WatchEventType.Deleted, (await deleted.Changed.WaitAsync(Clients.Patience)).Type);
        Assert.Equal(WatchEventType.Created, (await created.Changed.WaitAsync(Clients.Patience)).Type);
        Assert.Equal(WatchEventType.ChildrenChanged, (await parent.Changed.WaitAsync(Clients.Patience)).Type);
        Assert.Equal(WatchEventType.Resync, (await lasting.NextAsync()).Type);
        Assert.Equal(WatchEventType.Resync, (await tree.NextAsync()).Type);
        Assert.Equal((session, false), (client.SessionId, same.Changed.IsCompleted));
        await other.SetAsync(root + "/same", default);
        await other.SetAsync(root + "/parent/child", default);
        Assert.Equal(WatchEventType.DataChanged, (await same.Changed.WaitAsync(Clients.Patience)).Type);
        Assert.Equal(new WatchEvent(WatchEventType.DataChanged, root + "/parent/child"), await tree.NextAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C3_credentials_hold_on_the_next_connection()
    {
        var (other, root) = await server.ConnectWithRootAsync();
        await using var _ = other;
        await using var proxy = FaultProxy.Start((await server.StartedAsync()).Port);
        await using var client = await ConnectAsync(proxy, TimeSpan.FromSeconds(10));
        client.AddCredentials(ZooKeeperCredentials.Digest("eve", "pw"));
        await client.CreateAsync(root + "/hers", acl: ZooKeeperAcl.Creator);
        proxy.CutAll();
        await Wait.UntilAsync(() => proxy.Accepted == 2, "the client was back");
        await client.GetAsync(root + "/hers").WaitAsync(Clients.Patience);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C4_session_ended_by_the_server_ends_every_call_and_watch_once()
    {
        var (other, root) = await server.ConnectWithRootAsync();
        await using var _ = other;
        await using var proxy = FaultProxy.Start((await server.StartedAsync()).Port);
        await using var client = await ConnectAsync(proxy, TimeSpan.FromSeconds(3));
        await client.CreateAsync(root + "/mine", mode: CreateMode.Ephemeral);
        var (oneShot, lasting) = (await client.GetAndWatchAsync(root), await client.WatchAsync(root + "/x"));
        var gone = await other.ExistsAndWatchAsync(root + "/mine");

        proxy.HoldAll();
        Assert.Equal(WatchEventType.Deleted, (await gone.Changed.WaitAsync(Clients.Patience)).Type);
        Assert.Equal(ZooKeeperState.Suspended, client.State);
        proxy.ReleaseAll();

        await client.ReachesAsync(ZooKeeperState.Expired);
        await oneShot.Changed.FailsAsync(ZooKeeperError.SessionExpired);
        await lasting.NextAsync().FailsAsync(ZooKeeperError.SessionExpired);
        await client.GetAsync(root).FailsAsync(ZooKeeperError.SessionExpired);
        await client.CreateAsync(root + "/late").FailsAsync(ZooKeeperError.SessionExpired);
        Assert.Null(await other.ExistsAsync(root + "/late"));
        Assert.True(client.Ended.IsCancellationRequested);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C6_partitioned_client_expires_by_itself_after_the_server_has_expired_it()
    {
        var (other, root) = await server.ConnectWithRootAsync();
        await using var _ = other;
        await using var proxy = FaultProxy.Start((await server.StartedAsync()).Port);
        await using var client = await ConnectAsync(proxy, TimeSpan.FromSeconds(1.5));
        await client.CreateAsync(root + "/mine", mode: CreateMode.Ephemeral);
        var gone = (await other.ExistsAndWatchAsync(root + "/mine")).Changed;
        var (since, sawGone) = (Stopwatch.GetTimestamp(), TimeSpan.MaxValue);
        proxy.HoldAll();
        var waiting = client.GetAsync(root);
        var watching = gone.ContinueWith(_ => sawGone = Stopwatch.GetElapsedTime(since), TaskScheduler.Default);
        await client.ReachesAsync(ZooKeeperState.Expired);
        var expired = Stopwatch.GetElapsedTime(since);
        var bound = client.NegotiatedTimeout * 4 / 3;
        Assert.InRange(expired, bound - client.NegotiatedTimeout / 2, bound + TimeSpan.FromSeconds(0.7));
        await watching.WaitAsync(Clients.Patience);
        Assert.True(sawGone < expired + TimeSpan.FromSeconds(0.5), $"gone after {sawGone}, expired after {expired}");
        var ended = await Assert.ThrowsAsync<ZooKeeperException>(() => waiting.WaitAsync(Clients.Patience));
        Assert.True(ended.IsOutcomeUnknown);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Every_request_ends_while_the_network_cuts_delays_half_closes_and_drops()
    {
        var (other, root) = await server.ConnectWithRootAsync();
        await using var _ = other;
        await using var proxy = FaultProxy.Start((await server.StartedAsync()).Port);
        await using var client = await ConnectAsync(proxy, TimeSpan.FromSeconds(3));
        var random = new Random(7);
        using var over = new CancellationTokenSource();
        var workers = Enumerable.Range(0, 8).Select(id => WorkAsync(client, $"{root}/{id}-", over.Token)).ToList();
        for (var round = 0; round < 40; round++)
        {
            await Task.Delay(random.Next(20, 120));
            Break(proxy, round % 6, random);
        }
        proxy.ReleaseAll();
        proxy.Delay = TimeSpan.Zero;
        await over.CancelAsync();
        var outcomes = await Task.WhenAll(workers).WaitAsync(Clients.Patience);

        Assert.False(client.Ended.IsCancellationRequested);
        var there = (await other.ChildrenAsync(root)).Names.ToHashSet();
        var made = outcomes.SelectMany(outcome => outcome.Made).ToList();
        Assert.All(made, path => Assert.Contains(path[(root.Length + 1)..], there));
        Assert.InRange(there.Count, made.Count, made.Count + outcomes.Sum(outcome => outcome.Unknown));
        Assert.True(made.Count > 50 && outcomes.Sum(outcome => outcome.Unknown) > 0, $"{made.Count} made");
        Assert.True(proxy.Accepted > 5);
    }

    private static void Break(FaultProxy proxy, int how, Random random)
    {
        proxy.ReleaseAll();
        proxy.Delay = TimeSpan.FromMilliseconds(how == 1 ? random.Next(30) : 0);
        switch (how)
        {
            case 0:
                proxy.CutAll();
                break;
            case 2:
                proxy.HalfClose(ProxyDirection.ToServer);
                break;
            case 3:
                proxy.DropAfter(ProxyDirection.ToClient, random.Next(1, 500));
                break;
            case 4:
                proxy.HalfClose(ProxyDirection.ToClient);
                break;
            case 5:
                proxy.DropAfter(ProxyDirection.ToServer, random.Next(1, 500));
                proxy.Hold(ProxyDirection.ToClient);
                break;
        }
    }

    private static async Task<(List<string> Made, int Unknown)> WorkAsync(ZooKeeperClient client, string prefix, CancellationToken over)
    {
        var (made, unknown) = (new List<string>(), 0);
        while (!over.IsCancellationRequested)
        {
            try
            {
                var create = client.CreateAsync(prefix, mode: CreateMode.PersistentSequential, cancellationToken: CancellationToken.None);
                made.Add((await create.WaitAsync(Clients.Patience, CancellationToken.None)).Path);
            }
            catch (ZooKeeperException lost) when (lost.Error == ZooKeeperError.ConnectionLoss)
            {
                Assert.True(lost.IsOutcomeUnknown);
                unknown++;
            }
        }
        return (made, unknown);
    }

    private static Task<ZooKeeperClient> ConnectAsync(FaultProxy proxy, TimeSpan timeout) =>
        ZooKeeperClient.ConnectAsync(new ZooKeeperOptions(proxy.Address) { SessionTimeout = timeout });
}
