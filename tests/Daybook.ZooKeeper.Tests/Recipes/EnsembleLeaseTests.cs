using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.ZooKeeper;
using Daybook.ZooKeeper.Recipes;

namespace Daybook.ZooKeeper.Tests.Recipes;

public sealed class EnsembleLeaseTests
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task F3_epochs_grow_and_leases_stay_over_failover_of_the_leader_and_restart_of_the_whole_ensemble()
    {
        await using var ensemble = await ZooKeeperEnsemble.StartAsync();
        await using var one = Sessions(ensemble);
        await using var other = Sessions(ensemble);
        await using var lease = await new ZooKeeperLeases(one, "/f3").AcquireAsync("p");
        var waiting = new ZooKeeperLeases(other, "/f3").AcquireAsync("p");

        var leader = await ensemble.LeaderAsync();
        await ensemble.Servers[leader].KillAsync();
        await ensemble.LeaderAsync();
        await Wait.UntilAsync(() => lease.IsValid, "the lease was valid under the next leader");
        Assert.False(waiting.IsCompleted);

        foreach (var server in ensemble.Servers)
            await server.KillAsync();
        await Wait.UntilAsync(() => !lease.IsValid, "the lease was invalid without servers");
        await Task.WhenAll(ensemble.Servers.Select(server => server.RestartAsync()));
        await Wait.UntilAsync(() => lease.IsValid || lease.Lost.IsCancellationRequested, "the holder knew again");
        await lease.DisposeAsync();
        await using var next = await waiting.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(next.Epoch > lease.Epoch);
    }

    private static SessionKeeper Sessions(ZooKeeperEnsemble ensemble) => new(new ZooKeeperOptions(ensemble.ConnectString)
    {
        SessionTimeout = TimeSpan.FromMinutes(1), ConnectTimeout = TimeSpan.FromMinutes(1),
    });
}
