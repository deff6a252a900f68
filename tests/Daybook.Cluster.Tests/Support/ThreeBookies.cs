using Daybook.Servers.BookKeeper;

namespace Daybook.Cluster.Tests.Support;

/// <summary>Three bookies for all tests that leave them running; started on first use, so that a machine without ZooKeeper skips the tests.</summary>
public sealed class ThreeBookies : IAsyncLifetime
{
    private Task<BookieCluster>? _starting;

    public Task<BookieCluster> StartedAsync() => _starting ??= BookieCluster.StartAsync(3);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_starting is { IsCompletedSuccessfully: true } started)
            await (await started).DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class ThreeBookiesCollection : ICollectionFixture<ThreeBookies>
{
    public const string Name = "three bookies";
}
