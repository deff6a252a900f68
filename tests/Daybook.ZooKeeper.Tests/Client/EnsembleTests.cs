using Daybook.Servers.Debian;
using Daybook.Servers.ZooKeeper;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>Three servers, of which some are killed.</summary>
public sealed class EnsembleTests
{
    private static readonly ZooKeeperServerOptions s_servers = new() { TickTime = TimeSpan.FromMilliseconds(200) };

    [SkippableFact(typeof(MissingToolException))]
    public async Task C7_C8_death_of_the_leader_costs_at_most_one_reconnect_and_no_watch()
    {
        await using var ensemble = await ZooKeeperEnsemble.StartAsync(s_servers);
        var leader = await ensemble.LeaderAsync();
        var follower = (await ensemble.FollowersAsync())[0];
        await using var client = await ZooKeeperClient.ConnectAsync(Options(ensemble.ConnectString));
        var states = FollowAsync(client);
        var session = client.SessionId;
        await client.CreateAsync("/mine", mode: CreateMode.Ephemeral);
        await using (var writer = await ZooKeeperClient.ConnectAsync(Options(ensemble.Servers[leader].ConnectString)))
        await using (var reader = await ZooKeeperClient.ConnectAsync(Options(ensemble.Servers[follower].ConnectString)))
        {
            await writer.CreateAsync("/a");
            for (var i = 0; i < 30; i++)
            {
                var version = (await writer.SetAsync("/a", default)).Version;
                await reader.SyncAsync("/a");
                Assert.Equal(version, (await reader.GetAsync("/a")).Stat.Version);
            }
        }
        var (oneShot, lasting) = (await client.GetAndWatchAsync("/a"), await client.WatchAsync("/a"));
        var zxid = client.LastZxid;

        await ensemble.Servers[leader].KillAsync();
        Assert.NotEqual(leader, await ensemble.LeaderAsync());
        await using var other = await ZooKeeperClient.ConnectAsync(Options(ensemble.Servers[follower].ConnectString));
        await other.SetAsync("/a", new byte[] { 9 });

        Assert.Equal(WatchEventType.DataChanged, (await oneShot.Changed.WaitAsync(Clients.Patience)).Type);
        var first = await lasting.NextAsync();
        if (first.Type == WatchEventType.DataChanged)
            Assert.Equal(9, (await client.GetAsync("/a")).Data[0]);
        else
            Assert.Equal(WatchEventType.Resync, first.Type);
        await client.SyncAsync("/a");
        Assert.Equal(9, (await client.GetAsync("/a")).Data[0]);
        Assert.Equal(session, (await client.ExistsAsync("/mine"))!.EphemeralOwner);
        Assert.True(client.LastZxid > zxid);
        await client.DisposeAsync();
        Assert.InRange((await states).Count(state => state == ZooKeeperState.Connected), 1, 2);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C13_server_without_its_quorum_serves_reads_and_sessions_are_upgraded_without_a_ghost()
    {
        // A server without a quorum grants sessions only if local sessions are enabled.
        await using var ensemble = await ZooKeeperEnsemble.StartAsync(s_servers with
        {
            Settings = new Dictionary<string, string> { ["localSessionsEnabled"] = "true", ["localSessionsUpgradingEnabled"] = "true" },
        });
        var options = Options(ensemble.ConnectString) with { AllowReadOnly = true };
        await using var older = await ZooKeeperClient.ConnectAsync(options);
        await older.CreateAsync("/a", new byte[] { 1 });
        await older.CreateAsync("/older", mode: CreateMode.Ephemeral);
        var session = older.SessionId;
        await using (var last = await ZooKeeperClient.ConnectAsync(Options(ensemble.Servers[2].ConnectString)))
            await last.SyncAsync();
        await ensemble.Servers[0].KillAsync();
        await ensemble.Servers[1].KillAsync();
        await ensemble.BecomesAsync(2, "read-only");

        await using var client = await ZooKeeperClient.ConnectAsync(options);
        Assert.Equal((ZooKeeperState.ConnectedReadOnly, 0), (client.State, client.SessionId));
        Assert.Equal([1], (await client.GetAsync("/a")).Data);
        await client.SetAsync("/a", default).FailsAsync(ZooKeeperError.NotReadOnly);
        await client.CreateAsync("/e", mode: CreateMode.Ephemeral).FailsAsync(ZooKeeperError.NotReadOnly);

        await Task.WhenAll(ensemble.Servers[0].RestartAsync(), ensemble.Servers[1].RestartAsync());
        await client.ReachesAsync(ZooKeeperState.Connected);
        Assert.Equal(client.SessionId, (await client.CreateAsync("/e", mode: CreateMode.Ephemeral).WaitAsync(Clients.Patience)).Stat.EphemeralOwner);
        var owners = await ensemble.Servers[await ensemble.LeaderAsync()].FourLetterAsync("dump");
        Assert.Contains($"0x{client.SessionId:x}", owners, StringComparison.Ordinal);
        var kept = await Record.ExceptionAsync(() => older.ExistsAsync("/older").WaitAsync(Clients.Patience));
        Assert.True(kept is null or ZooKeeperException { Error: ZooKeeperError.SessionExpired or ZooKeeperError.ConnectionLoss }, kept?.ToString());
        Assert.Equal(session, older.SessionId);
    }

    private static ZooKeeperOptions Options(string servers) => new(servers)
    {
        SessionTimeout = TimeSpan.FromSeconds(8), ConnectTimeout = TimeSpan.FromSeconds(30),
    };

    private static async Task<List<ZooKeeperState>> FollowAsync(ZooKeeperClient client)
    {
        var states = new List<ZooKeeperState>();
        await foreach (var state in client.StatesAsync())
            states.Add(state);
        return states;
    }
}
