using Bank.ReadModels;
using Daybook;
using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Testing.Time;

namespace Bank.Tests.ReadModels;

public sealed class ReadModelClockTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_read_model_that_keeps_failing_is_reported_instead_of_waited_for()
    {
        var projections = new StuckProjections();
        var waiting = Clock(projections).CatchUpAsync();
        projections.FailedAttempts = 5;
        _time.Advance(await _time.NextTimerAsync());
        projections.FailedAttempts = 6;
        _time.Advance(await _time.NextTimerAsync());

        var error = await Assert.ThrowsAsync<DaybookException>(() => waiting);
        Assert.Equal("The read model 'balances' makes no progress: the disk is full", error.Message);
    }

    [Fact]
    public async Task A_slow_read_model_is_waited_for()
    {
        var projections = new StuckProjections();
        var waiting = Clock(projections).CatchUpAsync();
        _time.Advance(await _time.NextTimerAsync());
        Assert.False(waiting.IsCompleted);
        projections.Passed.SetResult();
        await waiting;
    }

    private ReadModelClock Clock(StuckProjections projections) =>
        new(new ScriptedBook(), projections, new MemoryProjectionWriter<LoggedMovement>(new MovementLog()), _time);

    private sealed class StuckProjections : IProjections
    {
        public int FailedAttempts { get; set; }

        public TaskCompletionSource Passed { get; } = new();

        public IReadOnlyList<ProjectionStatus> Status =>
        [
            new ProjectionStatus
            {
                Projection = new ProjectionId("balances", 1), Partition = new PartitionId(0), State = ProjectionState.Retrying,
                Checkpoint = new JournalOffset(0), Head = new JournalOffset(7), Error = "the disk is full", FailedAttempts = FailedAttempts,
            },
        ];

        public ValueTask WaitForAsync(string projection, Position position, CancellationToken cancellationToken = default) => new(Passed.Task);

        public void Retry(string projection, PartitionId partition) => throw new InvalidOperationException();

        public void Skip(string projection, Position position) => throw new InvalidOperationException();
    }
}
