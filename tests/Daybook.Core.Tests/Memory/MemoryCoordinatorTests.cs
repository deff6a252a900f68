using Daybook.Coordination;
using Daybook.Memory;
using Daybook.Testing.Compliance;

namespace Daybook.Core.Tests.Memory;

public sealed class MemoryCoordinatorTests : CoordinatorCompliance
{
    public static TheoryData<string> Statements => [.. StatementsOf<CoordinatorCompliance>()];

    [Theory, MemberData(nameof(Statements))]
    public Task Holds(string statement) => RunAsync(statement);

    [Fact]
    public async Task Expired_lease_is_lost_and_passes_on_with_a_higher_epoch()
    {
        var coordinator = new MemoryCoordinator();
        var first = await coordinator.AcquireAsync("p");
        var waiting = coordinator.AcquireAsync("p");
        coordinator.Expire("p");
        await using var second = await waiting;
        Assert.True(first.Lost.IsCancellationRequested);
        Assert.False(first.IsValid);
        Assert.True(second.Epoch > first.Epoch);
    }

    [Fact]
    public async Task Holder_that_does_not_notice_its_expiry_goes_on_believing()
    {
        var coordinator = new MemoryCoordinator();
        var first = await coordinator.AcquireAsync("p");
        coordinator.Expire("p", tellHolder: false);
        await using var second = await coordinator.AcquireAsync("p");
        Assert.True(first.IsValid && second.IsValid);
        await first.DisposeAsync();
        Assert.False((coordinator.AcquireAsync("p").AsTask()).IsCompleted);
    }

    protected override ValueTask<ICoordinator> OpenCoordinatorAsync() => ValueTask.FromResult<ICoordinator>(new MemoryCoordinator());
}
