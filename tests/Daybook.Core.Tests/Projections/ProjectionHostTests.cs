using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;

namespace Daybook.Core.Tests.Projections;

public sealed class ProjectionHostTests
{
    private readonly MemoryEventFeed _zero = new(default);
    private readonly MemoryEventFeed _one = new(new PartitionId(1));

    [Fact]
    public async Task J8_a_parked_projection_holds_up_no_other_projection_and_no_other_partition()
    {
        var other = new MemoryProjectionWriter<Tally>(new Streams());
        await using var runs = new Runs(null, other);
        await runs.Host.AttachAsync(_zero);
        await runs.Host.AttachAsync(_one);

        await runs.HaltedAsync(_zero.Append("s", new Broken("a")));
        var zero = _zero.Append("s", new Added(1, "a"));
        var one = _one.Append("t", new Added(2, "a"));
        await runs.AppliedAsync(one);
        await runs.Host.WaitForAsync("streams", zero, Runs.Limit);
        await runs.Host.WaitForAsync("streams", one, Runs.Limit);

        Assert.Equal(2m, await runs.SumAsync("a"));
        Assert.Equal(2, (await other.GetAsync("s"))!.Count);
    }

    [Fact]
    public async Task J9_status_shows_each_pair_with_its_lag_and_what_parked_it()
    {
        var other = new MemoryProjectionWriter<Tally>(new Streams());
        await using var runs = new Runs(null, other);
        await runs.Host.AttachAsync(_one);
        await runs.Host.AttachAsync(_zero);
        await runs.HaltedAsync(_zero.Append("s", new Broken("a")));
        var last = _zero.Append("s", new Added(1, "a"));
        await runs.Host.WaitForAsync("streams", last, Runs.Limit);

        var status = runs.Host.Status;

        Assert.Equal(
            [("streams", 0, 0L), ("streams", 1, 0L), ("tally", 0, 2L), ("tally", 1, 0L)],
            status.Select(s => (s.Projection.Name, s.Partition.Value, s.Lag)));
        Assert.Equal(ProjectionState.Parked, status[2].State);
        Assert.NotNull(status[2].Error);
        Assert.All([status[0], status[1], status[3]], s => Assert.Null(s.Error));
    }

    [Fact]
    public async Task J8_waiting_for_a_parked_projection_names_the_ways_to_resume_it()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_zero);
        var halted = await runs.HaltedAsync(_zero.Append("s", new Broken("a")));
        Assert.Equal(ErrorCode.PoisonEvent, halted.Code);
        Assert.StartsWith("Projection tally v1 on partition 0 is parked at offset 0: ", halted.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            ". Correct the cause, then call IProjections.Retry for 'tally' and partition 0, or IProjections.Skip for position 0@0 to continue without that event.",
            halted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_of_a_type_that_is_not_registered_is_parked_with_the_ways_to_register_it()
    {
        await using var runs = new Runs();
        runs.Unknown.Add(nameof(Added));
        await runs.Host.AttachAsync(_zero);
        var halted = await runs.HaltedAsync(_zero.Append("s", new Added(1, "a")));
        Assert.All(["AddEvent<T>", "AddHandlersFrom<T>", "AddUpcast<TOld, TNew>", "[EventType]"], cure => Assert.Contains(cure, halted.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_feed_of_a_later_owner_replaces_the_one_before_and_goes_on_where_it_stood()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_zero);
        await runs.AppliedAsync(_zero.Append("s", new Added(1, "a")));
        var later = new MemoryEventFeed(default, epoch: 2);
        later.Append("s", new Added(1, "a"));

        await runs.Host.AttachAsync(later);
        await runs.AppliedAsync(later.Append("s", new Added(2, "a")));

        Assert.Equal(3m, await runs.SumAsync("a"));
        Assert.Single(runs.Host.Status);
    }

    [Fact]
    public async Task Detaching_fails_the_waiters_and_removes_the_status()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_zero);
        var waiting = runs.AppliedAsync(new Position(default, new JournalOffset(5)));

        await runs.Host.DetachAsync(default);

        Assert.Equal(ErrorCode.NotOwner, (await Assert.ThrowsAsync<DaybookException>(() => waiting)).Code);
        Assert.Empty(runs.Host.Status);
        Assert.Equal(ErrorCode.NotOwner, (await runs.HaltedAsync(default)).Code);
    }

    [Fact]
    public async Task A_stopped_host_runs_nothing_more()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_zero);
        await runs.Host.DisposeAsync();

        Assert.Empty(runs.Host.Status);
        var error = await Assert.ThrowsAsync<DaybookException>(async () => await runs.Host.AttachAsync(_one));
        Assert.Equal(ErrorCode.Closed, error.Code);
    }

    [Fact]
    public async Task Waiting_can_be_given_up()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_zero);
        using var giveUp = new CancellationTokenSource();

        var waiting = runs.Host.WaitForAsync("tally", default, giveUp.Token).AsTask();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Unknown_names_double_names_and_bad_options_are_refused_with_the_cause()
    {
        await using var runs = new Runs();
        var unknown = await Assert.ThrowsAsync<DaybookException>(async () => await runs.Host.WaitForAsync("taly", default));
        var twice = Assert.Throws<DaybookException>(() => new Runs(null, runs.Model));
        var option = Assert.Throws<DaybookException>(() => new Runs(new ProjectionOptions { BatchRecords = 0 }));

        Assert.Contains("no projection 'taly'; known are: 'tally'", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("'tally'", twice.Message, StringComparison.Ordinal);
        Assert.Contains("ProjectionOptions.BatchRecords", option.Message, StringComparison.Ordinal);
    }

    [Projection("streams")]
    private sealed class Streams : IDocumentProjection<Tally>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [projected.Recorded.Stream.Value];

        public Tally? Apply(string key, Tally? document, ProjectedEvent projected) => new(0, (document?.Count ?? 0) + 1);
    }
}
