using Daybook.Coordination;
using Daybook.Embedded.Coordination;
using Daybook.Testing.Compliance;

namespace Daybook.Embedded.Tests.Coordination;

public sealed class LocalCoordinatorComplianceTests : CoordinatorCompliance, IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalCoordinator? _coordinator;

    public static TheoryData<string> Statements => [.. StatementsOf<CoordinatorCompliance>()];

    [Theory, MemberData(nameof(Statements))]
    public Task Holds(string statement) => RunAsync(statement);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_coordinator is not null)
            await _coordinator.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    protected override async ValueTask<ICoordinator> OpenCoordinatorAsync() =>
        _coordinator = await LocalCoordinator.OpenAsync(_folder["coordination"]);

    protected override async ValueTask<ICoordinator?> RestartAsync(ICoordinator coordinator)
    {
        await _coordinator!.DisposeAsync();
        return await OpenCoordinatorAsync();
    }
}
