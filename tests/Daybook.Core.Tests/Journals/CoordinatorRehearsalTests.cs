using Daybook.Core.Journals;
using Daybook.Memory;

namespace Daybook.Core.Tests.Journals;

public sealed class CoordinatorRehearsalTests
{
    private readonly MemoryCoordinator _coordinator = new();

    [Fact]
    public async Task Rehearsal_leaves_no_record_and_lets_go_of_its_lease()
    {
        await CoordinatorRehearsal.RunAsync(_coordinator, CancellationToken.None);
        await ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task Rehearsal_finishes_one_that_was_killed()
    {
        await _coordinator.CreateAsync(CoordinatorRehearsal.Name, default);
        await CoordinatorRehearsal.RunAsync(_coordinator, CancellationToken.None);
        await ExpectNothingLeftAsync();
    }

    [Fact]
    public async Task Rehearsal_that_a_coordinator_refuses_lets_go_of_its_lease()
    {
        var refusing = new InterruptedCoordinator(_coordinator) { BeforeUpdate = _ => throw new DaybookException(ErrorCode.StoreFailed, "refused") };
        await Assert.ThrowsAsync<DaybookException>(() => CoordinatorRehearsal.RunAsync(refusing, CancellationToken.None));
        await CoordinatorRehearsal.RunAsync(_coordinator, CancellationToken.None);
    }

    private async Task ExpectNothingLeftAsync()
    {
        Assert.Null(await _coordinator.ReadAsync(CoordinatorRehearsal.Name));
        await using var lease = await _coordinator.AcquireAsync(CoordinatorRehearsal.Name).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
    }
}
