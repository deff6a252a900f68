using Daybook.Servers.Debian;
using Daybook.Servers.Peers;
using Daybook.Servers.ZooKeeper;

namespace Daybook.ZooKeeper.Tests.Servers;

public sealed class ZooKeeperEnsembleTests
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task An_ensemble_whose_leader_is_killed_elects_another_and_keeps_its_data()
    {
        await using var ensemble = await ZooKeeperEnsemble.StartAsync();
        var first = await ensemble.LeaderAsync();
        Assert.Equal(2, (await ensemble.FollowersAsync()).Count);
        await KazooPeer.RunAsync(ensemble.ConnectString, "zk.create('/a', b'kept')");

        await ensemble.Servers[first].KillAsync();

        Assert.NotEqual(first, await ensemble.LeaderAsync());
        Assert.Equal("kept\n", await KazooPeer.RunAsync(ensemble.ConnectString, "print(zk.get('/a')[0].decode())"));
        await ensemble.Servers[first].RestartAsync();
        await ensemble.BecomesAsync(first, "follower");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_leader_that_is_frozen_is_replaced_and_follows_when_it_goes_on()
    {
        await using var ensemble = await ZooKeeperEnsemble.StartAsync(
            new ZooKeeperServerOptions { Settings = new Dictionary<string, string> { ["syncLimit"] = "5" } });
        var first = await ensemble.LeaderAsync();

        await ensemble.Servers[first].PauseAsync();
        Assert.NotEqual(first, await ensemble.LeaderAsync(notIndex: first));

        ensemble.Servers[first].Resume();
        await ensemble.BecomesAsync(first, "follower");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task The_last_server_of_an_ensemble_serves_reads_only()
    {
        await using var ensemble = await ZooKeeperEnsemble.StartAsync();

        await ensemble.Servers[0].KillAsync();
        await ensemble.Servers[1].KillAsync();

        await ensemble.BecomesAsync(2, "read-only");
    }
}
