using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;
using Daybook.Testing.Time;

namespace Daybook.Core.Tests.Projections;

/// <summary>Builds of a projection that a host begins and ends while it runs.</summary>
public sealed class BuildTests
{
    private readonly MemoryEventFeed _zero = new(default);
    private readonly MemoryEventFeed _one = new(new PartitionId(1));

    [Fact]
    public async Task Build_that_is_added_reads_from_the_first_record_beside_the_other_and_is_attached_to_later_partitions()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_zero);
        await runs.AppliedAsync(_zero.Append("s", new Added(1, "a")));
        var second = new MemoryProjectionWriter<Tally>(new CountingProjection());

        await runs.Host.RunAsync(runs.Writer.Projection, [new(runs.Writer), new(new Numbered(second, 2)) { IsCurrent = false }]);
        await runs.Host.AttachAsync(_one);
        await runs.AppliedAsync(_one.Append("t", new Added(5, "b")));

        await Until(() => runs.Host.Status.All(s => s.Lag == 0));
        Assert.Equal((1m, 5m), ((await second.GetAsync("a"))!.Sum, (await second.GetAsync("b"))!.Sum));
        Assert.Equal([(0, 1, true), (0, 2, false), (1, 1, true), (1, 2, false)], runs.Host.Status.Select(s => (s.Partition.Value, s.Build, s.IsCurrent)));
    }

    [Fact]
    public async Task Build_that_is_not_named_any_more_ends_and_the_others_go_on_undisturbed()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_zero);
        var second = new Numbered(new MemoryProjectionWriter<Tally>(new CountingProjection()), 2);
        await runs.Host.RunAsync(runs.Writer.Projection, [new(runs.Writer) { IsCurrent = false }, new(second)]);
        await runs.AppliedAsync(_zero.Append("s", new Added(1, "a")));

        await runs.Host.RunAsync(runs.Writer.Projection, [new(second)]);
        await runs.AppliedAsync(_zero.Append("s", new Added(1, "a")));

        Assert.Equal(2, Assert.Single(runs.Host.Status).Build);
        Assert.Equal(1, second.Starts);
    }

    [Fact]
    public async Task Waiting_is_for_the_current_build_and_those_that_have_caught_up_but_not_for_one_that_is_still_reading_or_parked()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_zero);
        var first = _zero.Append("s", new Added(1, "a"));
        var held = new Numbered(new MemoryProjectionWriter<Tally>(new CountingProjection()), 2);
        held.Hold();
        await runs.Host.RunAsync(runs.Writer.Projection, [new(runs.Writer), new(held) { IsCurrent = false }]);
        await runs.AppliedAsync(first);
        held.Release();
        await Until(() => runs.Host.Status.Single(s => s.Build == 2).State == ProjectionState.Running);

        held.Hold();
        var waiting = runs.AppliedAsync(_zero.Append("s", new Added(1, "a")));
        await Until(() => runs.Host.Status.Single(s => s.Build == 1).Lag == 0);
        Assert.False(waiting.IsCompleted);
        held.Release();
        await waiting;
    }

    [Fact]
    public async Task Skip_and_retry_set_every_build_going_that_is_parked_there()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_zero);
        var second = new Numbered(new MemoryProjectionWriter<Tally>(new CountingProjection()), 2);
        await runs.Host.RunAsync(runs.Writer.Projection, [new(runs.Writer), new(second) { IsCurrent = false }]);
        var broken = _zero.Append("s", new Broken("a"));
        await Until(() => runs.Host.Status.All(s => s.State == ProjectionState.Parked));

        runs.Host.Resume("tally", 2, default, broken.Offset);
        await Until(() => runs.Host.Status.Single(s => s.Build == 2).Lag == 0);
        Assert.Equal(ProjectionState.Parked, runs.Host.Status.Single(s => s.Build == 1).State);
        runs.Host.Skip("tally", broken);
        await runs.AppliedAsync(broken);

        Assert.Contains("is not parked", Assert.Throws<DaybookException>(() => runs.Host.Retry("tally", default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Builds_of_another_projection_and_two_current_ones_are_refused()
    {
        await using var runs = new Runs();
        var second = new Numbered(new MemoryProjectionWriter<Tally>(new CountingProjection()), 2);
        foreach (var (projection, builds, code) in new (ProjectionId, ProjectionBuild[], ErrorCode)[]
        {
            (runs.Writer.Projection, [new(runs.Writer), new(second)], ErrorCode.InvalidArgument),
            (runs.Writer.Projection, [new(new MemoryProjectionWriter<Tally>(new CountingProjection2()))], ErrorCode.InvalidArgument),
            (new ProjectionId("other", 1), [], ErrorCode.UnknownType),
        })
            Assert.Equal(code, (await Assert.ThrowsAsync<DaybookException>(() => runs.Host.RunAsync(projection, builds).AsTask())).Code);
    }

    [Fact]
    public async Task Paced_work_goes_one_piece_at_a_time_and_pauses_in_proportion()
    {
        var time = new ManualTime();
        var pace = new ProjectionPace(0.25, time);
        var first = pace.RunAsync(() => Piece(time, 1), default).AsTask();
        var second = pace.RunAsync(() => Piece(time, 2), default).AsTask();
        Assert.False(first.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(first.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(1, await first);
        Assert.Equal(TimeSpan.FromSeconds(3), await time.NextTimerAsync(Runs.Limit));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(2, await second);
        Assert.Throws<DaybookException>(() => new ProjectionPace(0, time));
    }

    private static Task<int> Piece(ManualTime time, int result)
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(result);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition())
            await timer.WaitForNextTickAsync(Runs.Limit);
    }

    /// <summary>A writer with a number, whose batches the test holds back.</summary>
    private sealed class Numbered(IProjectionWriter inner, int build) : IProjectionWriter
    {
        private volatile TaskCompletionSource? _held;

        internal int Starts { get; private set; }

        public ProjectionId Projection => inner.Projection;

        public int Build => build;

        internal void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Release()
        {
            _held!.SetResult();
            _held = null;
        }

        public ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default)
        {
            Starts++;
            return inner.StartAsync(partition, epoch, cancellationToken);
        }

        public async ValueTask ApplyAsync(ProjectionBatch batch, CancellationToken cancellationToken = default)
        {
            await (_held?.Task ?? Task.CompletedTask);
            await inner.ApplyAsync(batch, cancellationToken);
        }

        public ValueTask CaughtUpAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default) =>
            inner.CaughtUpAsync(partition, epoch, cancellationToken);

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);
    }
}
