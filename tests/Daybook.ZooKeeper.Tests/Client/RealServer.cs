using Daybook.Servers.ZooKeeper;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>One real server for all tests that do not disturb it. Each uses its own root node.</summary>
public sealed class RealServer : SharedZooKeeper, IAsyncLifetime
{
    public async Task<ZooKeeperClient> ConnectAsync(Func<ZooKeeperOptions, ZooKeeperOptions>? with = null)
    {
        var options = new ZooKeeperOptions((await StartedAsync()).ConnectString);
        return await ZooKeeperClient.ConnectAsync(with is null ? options : with(options));
    }

    /// <summary>A client, and a node that is the test's own.</summary>
    public async Task<(ZooKeeperClient Client, string Root)> ConnectWithRootAsync(Func<ZooKeeperOptions, ZooKeeperOptions>? with = null)
    {
        var client = await ConnectAsync(with);
        return (client, (await client.CreateAsync("/t-", mode: CreateMode.PersistentSequential)).Path);
    }
}

[CollectionDefinition(Name)]
public sealed class RealServerCollection : ICollectionFixture<RealServer>
{
    public const string Name = "a real server";
}
