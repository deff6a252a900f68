using Daybook.Servers.ZooKeeper;

namespace Daybook.ZooKeeper.Tests.Recipes;

/// <summary>One server for the recipes' tests, each with its own root.</summary>
public sealed class RecipeServer : IAsyncLifetime
{
    private Task<ZooKeeperServer>? _starting;

    /// <summary>The server, started on first use, so that a machine without it skips the tests.</summary>
    public Task<ZooKeeperServer> StartedAsync() => _starting ??= ZooKeeperServer.StartAsync(
        new ZooKeeperServerOptions { TickTime = TimeSpan.FromMilliseconds(100) });

    public static string NewRoot() => $"/r-{Guid.NewGuid():n}";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_starting is { IsCompletedSuccessfully: true } started)
            await (await started).DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class RecipeCollection : ICollectionFixture<RecipeServer>
{
    public const string Name = "recipes";
}
