using Daybook.Servers.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Metadata.Real;

/// <summary>One server for all tests that leave it running. Each uses its own root.</summary>
public sealed class RealZooKeeper : IAsyncLifetime
{
    private Task<ZooKeeperServer>? _starting;

    /// <summary>The server, started on first use, so that a machine without it skips the tests.</summary>
    public Task<ZooKeeperServer> StartedAsync() => _starting ??= ZooKeeperServer.StartAsync(
        new ZooKeeperServerOptions { TickTime = TimeSpan.FromMilliseconds(100) });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_starting is { IsCompletedSuccessfully: true } started)
            await (await started).DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class RealZooKeeperCollection : ICollectionFixture<RealZooKeeper>
{
    public const string Name = "a real ZooKeeper";
}
