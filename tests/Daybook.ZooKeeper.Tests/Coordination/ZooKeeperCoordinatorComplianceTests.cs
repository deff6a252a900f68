using Daybook.Coordination;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;
using Daybook.Servers.ZooKeeper;
using Daybook.Testing.Compliance;
using Daybook.ZooKeeper.Coordination;
using Daybook.ZooKeeper.Tests.Recipes;

namespace Daybook.ZooKeeper.Tests.Coordination;

/// <summary>The process that uses the coordinator is killed: its session lives on without it until it expires.</summary>
[Collection(RecipeCollection.Name)]
public class ZooKeeperCoordinatorComplianceTests(RecipeServer shared) : CoordinatorCompliance, IAsyncLifetime
{
    private readonly string _root = RecipeServer.NewRoot();
    private readonly List<IAsyncDisposable> _opened = [];
    private FaultProxy? _network;

    public static TheoryData<string> Statements => [.. StatementsOf<CoordinatorCompliance>()];

    protected ZooKeeperServer Server { get; private set; } = null!;

    [SkippableTheory(typeof(MissingToolException)), MemberData(nameof(Statements))]
    public async Task Holds(string statement)
    {
        Server = await shared.StartedAsync();
        await RunAsync(statement);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var opened in _opened)
            await opened.DisposeAsync();
    }

    protected override async ValueTask<ICoordinator> OpenCoordinatorAsync()
    {
        _network = FaultProxy.Start(Server.Port);
        var coordinator = await ZooKeeperCoordinator.OpenAsync(
            new ZooKeeperOptions(_network.Address) { SessionTimeout = TimeSpan.FromSeconds(3) }, _root);
        _opened.AddRange([coordinator, _network]);
        return coordinator;
    }

    protected override async ValueTask<ICoordinator?> RestartAsync(ICoordinator coordinator)
    {
        await _network!.RefuseConnectionsAsync();
        _network.CutAll();
        await BetweenAsync();
        return await OpenCoordinatorAsync();
    }

    protected virtual Task BetweenAsync() => Task.CompletedTask;
}

/// <summary>The server is killed with it, and started again.</summary>
public sealed class ZooKeeperCoordinatorServerRestartTests(RecipeServer shared) : ZooKeeperCoordinatorComplianceTests(shared)
{
    protected override Task BetweenAsync() => Server.RestartAsync();
}
