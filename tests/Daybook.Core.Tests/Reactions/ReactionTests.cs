using Daybook.Core.Tests.Projections;
using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Reactions;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;

namespace Daybook.Core.Tests.Reactions;

public sealed class ReactionTests
{
    private readonly MemoryEventFeed _feed = new(default);

    [Fact]
    public async Task Events_of_concern_are_reacted_to_in_order_and_progress_is_recorded_after_each_record_with_some()
    {
        await using var runs = new ReactionRuns();
        _feed.Append("s", new Added(1, "a"));
        _feed.Append("s", new Keyed([]));
        _feed.Append("t", new Added(2, "a"), new Added(3, "a"));
        var last = _feed.Append("s", new Keyed([]));
        await runs.Host.AttachAsync(_feed);
        await runs.ReactedAsync(last);

        Assert.Equal("0 2 2", runs.Recorder.Offsets);
        Assert.Equal([1, 3, 4], runs.Progress.Advances);
        Assert.Distinct(runs.Recorder.Effects.Select(e => e.Id));
        Assert.Equal((0L, null), (runs.Status.Lag, runs.Status.Error));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task J5_when_progress_is_lost_between_effect_and_record_the_event_comes_again_with_the_same_id(bool wasRecorded)
    {
        await using var runs = new ReactionRuns();
        (wasRecorded ? runs.Progress.AfterAdvance : runs.Progress.BeforeAdvance).Enqueue(new IOException("no connection"));
        _feed.Append("s", new Added(1, "a"));
        var last = _feed.Append("s", new Added(2, "a"));
        await runs.Host.AttachAsync(_feed);
        await runs.PauseAsync();
        await runs.ReactedAsync(last);

        Assert.Equal(wasRecorded ? "0 1" : "0 0 1", runs.Recorder.Offsets);
        Assert.Equal(2, runs.Recorder.Effects.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public async Task What_passes_is_tried_again_with_growing_pauses_and_nothing_before_it_comes_twice_nor_after_it_first()
    {
        await using var runs = new ReactionRuns();
        var failures = 3;
        runs.Recorder.Before = e => e.Position.Offset.Value == 1 && failures-- > 0 ? new HttpRequestException("no route") : null;
        for (var i = 0; i < 3; i++)
            _feed.Append("s", new Added(i, "a"));
        await runs.Host.AttachAsync(_feed);
        await runs.Time.NextTimerAsync(Runs.Limit);
        Assert.Equal(ProjectionState.Retrying, runs.Status.State);
        Assert.Contains("no route", runs.Status.Error, StringComparison.Ordinal);
        TimeSpan[] pauses = [await runs.PauseAsync(), await runs.PauseAsync(), await runs.PauseAsync()];
        await runs.ReactedAsync(_feed.Append("s", new Added(9, "a")));

        Assert.Equal("0 1 2 3", runs.Recorder.Offsets);
        Assert.Equal(0, runs.Status.FailedAttempts);
        Assert.True(pauses[2] > pauses[0], string.Join(' ', pauses));
    }

    [Fact]
    public async Task A_failure_after_progress_is_a_first_failure()
    {
        await using var runs = new ReactionRuns();
        var failed = new HashSet<long>();
        runs.Recorder.Before = e => failed.Add(e.Position.Offset.Value) ? new TimeoutException() : null;
        for (var i = 0; i < 10; i++)
            _feed.Append("s", new Added(i, "a"));
        await runs.Host.AttachAsync(_feed);
        for (var i = 0; i < 10; i++)
            Assert.InRange(await runs.PauseAsync(), TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        await runs.ReactedAsync(new Position(default, new JournalOffset(9)));
    }

    [Fact]
    public async Task J8_a_poison_event_parks_the_reaction_there_visibly_and_others_go_on_until_a_person_skips_it()
    {
        var other = new MemoryProjectionWriter<Tally>(new Streams());
        await using var runs = new ReactionRuns(others: other);
        await runs.Host.AttachAsync(_feed);
        _feed.Append("s", new Added(1, "a"));
        var poison = _feed.Append("s", new Broken());
        var last = _feed.Append("s", new Added(2, "a"));

        var halted = await Assert.ThrowsAsync<DaybookException>(() => runs.ReactedAsync(last));
        Assert.Equal(ErrorCode.PoisonEvent, halted.Code);
        Assert.Equal((ProjectionState.Parked, poison, poison.Offset), (runs.Status.State, runs.Status.ParkedAt!.Position, runs.Status.Checkpoint));
        Assert.StartsWith("Reaction 'recorder' on partition 0 is parked", halted.Message, StringComparison.Ordinal);
        Assert.Contains($"IProjections.Retry for '{ReactionRuns.Name}'", halted.Message, StringComparison.Ordinal);
        await runs.Host.WaitForAsync("streams", last, Runs.Limit);
        runs.Host.Retry(ReactionRuns.Name, default);
        await Assert.ThrowsAsync<DaybookException>(() => runs.ReactedAsync(last));
        runs.Host.Skip(ReactionRuns.Name, poison);
        await runs.ReactedAsync(last);

        Assert.Equal("0 1 1 2", runs.Recorder.Offsets);
        Assert.Equal(1, runs.Status.Skipped);
    }

    [Fact]
    public async Task F2_an_owner_that_was_overtaken_records_nothing_and_stops_and_the_new_one_goes_on_from_the_last_record()
    {
        var sink = new MemoryProjections();
        await using var old = new ReactionRuns(sink: sink);
        await old.Host.AttachAsync(_feed);
        await old.ReactedAsync(_feed.Append("s", new Added(1, "a")));
        await sink.Checkpoints("reaction:recorder").StartAsync(default, new Epoch(2), default);

        var second = _feed.Append("s", new Added(2, "a"));
        var halted = await Assert.ThrowsAsync<DaybookException>(() => old.ReactedAsync(second));
        Assert.Equal(ErrorCode.NotOwner, halted.Code);
        Assert.Equal((ProjectionState.Stopped, new JournalOffset(1)), (old.Status.State, old.Status.Checkpoint));

        await using var next = new ReactionRuns(sink: sink);
        var later = new MemoryEventFeed(default, epoch: 2);
        later.Append("s", new Added(1, "a"));
        var again = later.Append("s", new Added(2, "a"));
        await next.Host.AttachAsync(later);
        await next.ReactedAsync(again);
        Assert.Equal("1", next.Recorder.Offsets);
        Assert.Equal(old.Recorder.Effects[^1].Id, next.Recorder.Effects[0].Id);
    }

    [Theory]
    [InlineData(ReactionStart.Now, "2")]
    [InlineData(ReactionStart.Beginning, "0 1 2")]
    public async Task A_new_reaction_starts_now_or_at_the_beginning(ReactionStart start, string offsets)
    {
        var feed = new MemoryEventFeed(default) { TakenOverAt = new JournalOffset(2) };
        feed.Append("s", new Added(1, "a"));
        feed.Append("s", new Added(1, "a"));
        var last = feed.Append("s", new Added(1, "a"));
        await using var runs = new ReactionRuns(start);
        await runs.Host.AttachAsync(feed);
        await runs.ReactedAsync(last);
        Assert.Equal(offsets, runs.Recorder.Offsets);
    }

    [Fact]
    public async Task When_the_host_stops_the_effect_under_way_is_the_last_and_its_progress_is_recorded()
    {
        var sink = new MemoryProjections();
        var runs = new ReactionRuns(sink: sink);
        var (entered, leave) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new ManualResetEventSlim());
        runs.Recorder.Before = _ =>
        {
            entered.TrySetResult();
            leave.Wait(Runs.Limit);
            return null;
        };
        _feed.Append("s", new Added(1, "a"));
        _feed.Append("s", new Added(2, "a"));
        await runs.Host.AttachAsync(_feed);
        await entered.Task.WaitAsync(Runs.Limit);
        var stopping = runs.DisposeAsync();
        leave.Set();
        await stopping;

        Assert.Equal("0", runs.Recorder.Offsets);
        Assert.Equal(new JournalOffset(1), await sink.Checkpoints("reaction:recorder").StartAsync(default, new Epoch(1), default));
    }

    [Fact]
    public void Transient_failures_are_distinguished_from_others()
    {
        IReaction reaction = new Recorder();
        Exception[] pass =
        [
            new TimeoutException(), new IOException(), new HttpRequestException(), new OperationCanceledException(),
            new HttpRequestException("busy", null, System.Net.HttpStatusCode.ServiceUnavailable), new DaybookException(ErrorCode.NotOwner, "x"),
            new InDoubtException(ErrorCode.LedgerFenced, "x"),
        ];
        Exception[] stay =
        [
            new InvalidOperationException(), new KeyNotFoundException(), new DaybookException(ErrorCode.InvalidArgument, "x"),
            new HttpRequestException("bad", null, System.Net.HttpStatusCode.BadRequest),
        ];
        Assert.All(pass, e => Assert.True(reaction.IsTransient(e), e.ToString()));
        Assert.All(stay, e => Assert.False(reaction.IsTransient(e), e.ToString()));
    }

    [Projection("streams")]
    private sealed class Streams : IDocumentProjection<Tally>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [projected.Recorded.Stream.Value];

        public Tally? Apply(string key, Tally? document, ProjectedEvent projected) => new(0, (document?.Count ?? 0) + 1);
    }
}
