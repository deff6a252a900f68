using Daybook.Projections;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;

namespace Daybook.Core.Tests.Projections;

/// <summary>Nothing waits in silence: what does not pass parks, and what takes too long is overdue.</summary>
public sealed class OverdueTests
{
    [Fact]
    public async Task Unknown_failure_is_retried_a_number_of_times_and_then_parks_with_its_reason()
    {
        await using var runs = new Runs(new ProjectionOptions { AttemptsBeforeParking = 3 });
        for (var i = 0; i < 3; i++)
            runs.Writer.BeforeStart.Enqueue(new InvalidOperationException("inside a driver"));
        var feed = new MemoryEventFeed(default);
        var position = feed.Append("s", new Added(1, "a"));
        await runs.Host.AttachAsync(feed);

        runs.Time.Advance(await runs.Time.NextTimerAsync(Runs.Limit));
        runs.Time.Advance(await runs.Time.NextTimerAsync(Runs.Limit));

        Assert.Equal(ErrorCode.PoisonEvent, (await runs.HaltedAsync(position)).Code);
        Assert.Equal((ProjectionState.Parked, null), (runs.Status.State, runs.Status.ParkedAt));
        Assert.Contains("inside a driver", runs.Status.Error, StringComparison.Ordinal);
        runs.Host.Retry(Runs.Tally, default);
        await runs.AppliedAsync(position);
    }

    [Fact]
    public async Task Failure_that_passes_is_retried_without_bound_but_is_overdue_after_a_while()
    {
        await using var runs = new Runs(new ProjectionOptions { AttemptsBeforeParking = 2, OverdueAfter = TimeSpan.FromSeconds(20) });
        for (var i = 0; i < 12; i++)
            runs.Writer.BeforeStart.Enqueue(new IOException("cable out"));
        var feed = new MemoryEventFeed(default);
        var position = feed.Append("s", new Added(1, "a"));
        await runs.Host.AttachAsync(feed);

        var pause = await runs.Time.NextTimerAsync(Runs.Limit);
        Assert.False(runs.Status.IsOverdue);
        for (var i = 1; i < 12; i++)
        {
            runs.Time.Advance(pause);
            pause = await runs.Time.NextTimerAsync(Runs.Limit);
        }
        Assert.Equal((ProjectionState.Retrying, true), (runs.Status.State, runs.Status.IsOverdue));
        runs.Time.Advance(pause);
        await runs.AppliedAsync(position);
        await runs.BecomesAsync(ProjectionState.Running);
        Assert.False(runs.Status.IsOverdue);
    }

    [Fact]
    public async Task Start_that_never_returns_is_overdue()
    {
        var stuck = new StuckWriter();
        await using var runs = new Runs(null, stuck);
        await runs.Host.AttachAsync(new MemoryEventFeed(default));
        runs.Time.Advance(TimeSpan.FromSeconds(31));

        Assert.True(runs.Host.Status.Single(s => s.Projection == stuck.Projection).IsOverdue);
    }

    [Fact]
    public async Task Skipped_events_are_counted_by_the_sink_and_survive_the_runner()
    {
        await using var runs = new Runs();
        var feed = new MemoryEventFeed(default);
        var poison = feed.Append("s", new Added(1, "a", ""));
        await runs.Host.AttachAsync(feed);
        await runs.HaltedAsync(poison);
        runs.Host.Skip(Runs.Tally, poison);
        await runs.AppliedAsync(poison);
        Assert.Equal(1, runs.Status.Skipped);

        await runs.Host.AttachAsync(feed); // a new runner, as after a restart
        await runs.BecomesAsync(ProjectionState.Running);

        Assert.Equal(1, runs.Status.Skipped);
    }

    private sealed class StuckWriter : IProjectionWriter
    {
        public ProjectionId Projection => new("stuck", 1);

        public async ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return default;
        }

        public ValueTask ApplyAsync(ProjectionBatch batch, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask CaughtUpAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
