using Daybook.Projections;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;

namespace Daybook.Core.Tests.Projections;

public sealed class ProjectionRunnerTests
{
    private readonly MemoryEventFeed _feed = new(default);

    [Fact]
    public async Task Events_before_and_after_the_start_are_applied_once_and_the_state_is_running()
    {
        await using var runs = new Runs(new ProjectionOptions { BatchRecords = 2 });
        for (var i = 0; i < 5; i++)
            _feed.Append("s", new Added(1, "a"));
        await runs.Host.AttachAsync(_feed);

        await runs.AppliedAsync(_feed.Append("s", new Added(10, "a")));

        Assert.Equal(15m, await runs.SumAsync("a"));
        Assert.Equal((ProjectionState.Running, 0L, null), (runs.Status.State, runs.Status.Lag, runs.Status.Error));
        Assert.Equal(1, runs.Writer.CaughtUps);
    }

    [Fact]
    public async Task Far_behind_it_takes_large_batches_reads_ahead_and_applies_each_record_once_despite_failures()
    {
        await using var runs = new Runs(new ProjectionOptions { BatchRecords = 3, CatchUpRecords = 10 });
        for (var i = 0; i < 100; i++)
            _feed.Append("s", new Added(i + 1, "a"));
        runs.Writer.BeforeApply.Enqueue(new IOException("no connection"));
        runs.Writer.AfterApply.Enqueue(new IOException("no answer"));
        await runs.Host.AttachAsync(_feed);
        for (var failure = 0; failure < 2; failure++)
            runs.Time.Advance(await runs.Time.NextTimerAsync(Runs.Limit));

        await runs.AppliedAsync(_feed.Append("s", new Added(1000, "a")));

        Assert.Equal(6050m, await runs.SumAsync("a"));
        Assert.Equal(101, (await runs.Model.GetAsync("a"))!.Count);
        Assert.Equal((0L, 10L), runs.Writer.Applies[0]);
        Assert.Equal(runs.Writer.Applies.Skip(1).Select(a => a.First), runs.Writer.Applies.SkipLast(1).Select(a => a.Next));
    }

    [Fact]
    public async Task J8_poison_in_the_batch_that_was_read_ahead_parks_there_and_is_decoded_again_when_retried()
    {
        await using var runs = new Runs(new ProjectionOptions { BatchRecords = 2, CatchUpRecords = 2 });
        for (var i = 0; i < 4; i++)
            _feed.Append("s", new Added(1, "a"));
        var unknown = _feed.Append("s", new Keyed(["a"]));
        for (var i = 0; i < 4; i++)
            _feed.Append("s", new Added(1, "a"));
        runs.Unknown.Add(nameof(Keyed));
        await runs.Host.AttachAsync(_feed);
        await runs.HaltedAsync(unknown);
        Assert.Equal((unknown.Offset, 4m), (runs.Status.Checkpoint, await runs.SumAsync("a")));

        runs.Host.Skip(Runs.Tally, unknown);
        await runs.AppliedAsync(_feed.Append("s", new Added(1, "a")));

        Assert.Equal(9m, await runs.SumAsync("a"));
    }

    [Fact]
    public async Task Records_without_events_move_the_checkpoint()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_feed);

        await runs.AppliedAsync(_feed.Append("s"));

        Assert.Equal(new JournalOffset(1), runs.Status.Checkpoint);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F8_a_failure_before_or_after_the_write_is_retried_and_counts_once(bool afterTheWrite)
    {
        await using var runs = new Runs();
        var failures = afterTheWrite ? runs.Writer.AfterApply : runs.Writer.BeforeApply;
        failures.Enqueue(new IOException("no connection"));
        var last = _feed.Append("s", new Added(7, "a"));
        await runs.Host.AttachAsync(_feed);

        await runs.Time.NextTimerAsync(Runs.Limit);
        Assert.Equal((ProjectionState.Retrying, "no connection", 1), (runs.Status.State, runs.Status.Error, runs.Status.FailedAttempts));
        runs.Time.Advance(await runs.Time.NextTimerAsync(Runs.Limit));
        await runs.AppliedAsync(last);

        Assert.Equal(7m, await runs.SumAsync("a"));
        Assert.Equal(1, (await runs.Model.GetAsync("a"))!.Count);
    }

    [Fact]
    public async Task J8_poison_in_the_middle_of_a_batch_parks_at_its_record_with_everything_before_applied()
    {
        await using var runs = new Runs();
        _feed.Append("s", new Added(1, "a"));
        _feed.Append("s", new Added(2, "a"));
        var poison = _feed.Append("s", new Added(100, "a"), new Broken("a"));
        _feed.Append("s", new Added(1000, "a"));
        await runs.Host.AttachAsync(_feed);

        var error = await runs.HaltedAsync(poison);

        Assert.Equal(ErrorCode.PoisonEvent, error.Code);
        Assert.Contains("'Broken' at 0@2 of stream 's'", error.Message, StringComparison.Ordinal);
        Assert.Equal(3m, await runs.SumAsync("a"));
        var status = runs.Status;
        Assert.Equal((ProjectionState.Parked, poison.Offset, 2L), (status.State, status.Checkpoint, status.Lag));
        Assert.Equal((ErrorCode.PoisonEvent, "Broken", poison), (status.Code, status.ParkedAt!.Type, status.ParkedAt.Position));
    }

    [Fact]
    public async Task J8_the_first_of_several_poison_events_parks_whichever_way_it_fails()
    {
        await using var runs = new Runs();
        var first = _feed.Append("s", new Broken("a"));
        _feed.Append("s", new Broken());
        runs.Unknown.Add(nameof(Keyed));
        _feed.Append("s", new Keyed(["x"]));
        await runs.Host.AttachAsync(_feed);

        await runs.HaltedAsync(first);

        Assert.Equal(first, runs.Status.ParkedAt!.Position);
        Assert.Contains("broken in Apply", runs.Status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task J8_an_event_of_unknown_type_parks_until_it_is_registered_and_retried()
    {
        await using var runs = new Runs();
        runs.Unknown.Add(nameof(Added));
        var position = _feed.Append("s", new Added(3, "a"));
        await runs.Host.AttachAsync(_feed);
        var error = await runs.HaltedAsync(position);
        Assert.Contains("no event type 'Added' is registered", error.Message, StringComparison.Ordinal);

        runs.Host.Retry(Runs.Tally, default);
        await runs.HaltedAsync(position);
        runs.Unknown.Clear();
        runs.Host.Retry(Runs.Tally, default);
        await runs.AppliedAsync(position);

        Assert.Equal(3m, await runs.SumAsync("a"));
        Assert.Equal(0, runs.Status.Skipped);
    }

    [Fact]
    public async Task J8_skip_leaves_out_one_event_only_and_is_counted()
    {
        await using var runs = new Runs();
        var position = _feed.Append("s", new Added(1, "a"), new Broken("a"), new Added(2, "a"), new Broken(), new Added(4, "a"));
        var last = _feed.Append("s", new Added(8, "a"));
        await runs.Host.AttachAsync(_feed);
        await runs.HaltedAsync(position);

        runs.Host.Skip(Runs.Tally, position);
        await runs.HaltedAsync(last);
        Assert.Equal(0m, await runs.SumAsync("a"));
        runs.Host.Skip(Runs.Tally, position);
        await runs.AppliedAsync(last);

        Assert.Equal(15m, await runs.SumAsync("a"));
        Assert.Equal((ProjectionState.Running, 2), (runs.Status.State, runs.Status.Skipped));
    }

    [Fact]
    public async Task Skip_and_retry_are_refused_where_the_projection_is_not_parked()
    {
        await using var runs = new Runs();
        var position = _feed.Append("s", new Broken());
        await runs.Host.AttachAsync(_feed);
        await runs.HaltedAsync(position);

        var elsewhere = Assert.Throws<DaybookException>(() => runs.Host.Skip(Runs.Tally, new Position(default, new JournalOffset(5))));
        runs.Host.Skip(Runs.Tally, position);
        await runs.AppliedAsync(position);
        var running = Assert.Throws<DaybookException>(() => runs.Host.Retry(Runs.Tally, default));

        Assert.Equal((ErrorCode.InvalidArgument, ErrorCode.InvalidArgument), (elsewhere.Code, running.Code));
    }

    [Fact]
    public async Task F2_a_runner_that_a_later_epoch_overtook_stops_and_its_batch_has_no_effect()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_feed);
        await runs.AppliedAsync(_feed.Append("s", new Added(1, "a")));

        await runs.Model.StartAsync(default, new Epoch(2));
        var error = await runs.HaltedAsync(_feed.Append("s", new Added(1, "a")));

        Assert.Equal(ErrorCode.NotOwner, error.Code);
        Assert.Equal((ProjectionState.Stopped, ErrorCode.StaleEpoch), (runs.Status.State, runs.Status.Code));
        Assert.Equal(1m, await runs.SumAsync("a"));
    }

    [Fact]
    public async Task A_feed_whose_partition_lost_its_owner_stops_the_runner()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(_feed);

        _feed.FailWith(new DaybookException(ErrorCode.NotOwner, "gone"));
        await runs.HaltedAsync(new Position(default, new JournalOffset(3)));

        Assert.Equal((ProjectionState.Stopped, "gone"), (runs.Status.State, runs.Status.Error));
    }

    [Theory]
    [InlineData(ErrorCode.Truncated)]
    [InlineData(ErrorCode.Corrupted)]
    [InlineData(ErrorCode.NewerFormat)]
    public async Task An_error_that_stays_parks_without_an_event_and_cannot_be_skipped(ErrorCode code)
    {
        await using var runs = new Runs();
        _feed.FailWith(new DaybookException(code, "cannot be read"));
        await runs.Host.AttachAsync(_feed);
        await runs.HaltedAsync(default);

        Assert.Equal((ProjectionState.Parked, code, null), (runs.Status.State, runs.Status.Code, runs.Status.ParkedAt));
        Assert.Throws<DaybookException>(() => runs.Host.Skip(Runs.Tally, default));
        _feed.FailWith(null);
        runs.Host.Retry(Runs.Tally, default);
        await runs.AppliedAsync(_feed.Append("s", new Added(1, "a")));
    }

    [Fact]
    public async Task F3_a_read_model_ahead_of_its_journal_parks()
    {
        await using var runs = new Runs();
        await runs.Model.StartAsync(default, new Epoch(1));
        await runs.Model.ApplyAsync(new ProjectionBatch(default, new Epoch(1), default, new JournalOffset(9), []));
        await runs.Host.AttachAsync(_feed);

        await runs.HaltedAsync(new Position(default, new JournalOffset(9)));

        Assert.Contains("checkpoint 9 of projection tally v1 lies beyond the head 0 of partition 0", runs.Status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_returns_nothing_is_an_error_not_a_busy_loop()
    {
        await using var runs = new Runs();
        await runs.Host.AttachAsync(new EmptyFeed());

        await runs.Time.NextTimerAsync(Runs.Limit);

        Assert.Equal(ProjectionState.Retrying, runs.Status.State);
    }

    private sealed class EmptyFeed : IEventFeed
    {
        public PartitionId Partition => default;

        public Epoch Epoch => new(1);

        public JournalOffset Head => new(1);

        public ValueTask<FeedBatch> ReadAsync(JournalOffset from, int maxRecords, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new FeedBatch(from, from, []));
    }
}
