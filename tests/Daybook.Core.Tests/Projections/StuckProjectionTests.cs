using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Reactions;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;
using Daybook.Testing.Time;
using Microsoft.Extensions.Logging;

namespace Daybook.Core.Tests.Projections;

/// <summary>A host does not wait for the code of a projection or a reaction that does not return.</summary>
public sealed class StuckProjectionTests : IDisposable
{
    private readonly ManualResetEventSlim _entered = new();
    private readonly ManualResetEventSlim _release = new();
    private readonly ErrorLog _log = new();

    public void Dispose() => _release.Set();

    [Theory]
    [InlineData("stuck")]
    [InlineData("reaction:stuck")]
    public async Task Host_that_stops_leaves_code_that_does_not_return_behind_and_logs_its_name(string name)
    {
        var time = new ManualTime();
        var feed = new MemoryEventFeed(new PartitionId(3));
        feed.Append("s", new Added(1, "a"));
        var host = new ProjectionHost([WriterOf(name)], MemoryEventFeed.Decoder, null, time, new Random(1), _log);
        await host.AttachAsync(feed);
        await Task.Run(() => Assert.True(_entered.Wait(TimeSpan.FromSeconds(20))));

        var stopping = host.DisposeAsync().AsTask();
        time.Advance(await time.NextTimerAsync(Runs.Limit));
        await stopping.WaitAsync(Runs.Limit);

        var error = Assert.Single(_log.Errors);
        Assert.Contains("stuck", error, StringComparison.Ordinal);
        Assert.Contains("partition 3", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_without_end_park_the_projection_at_the_event()
    {
        var feed = new MemoryEventFeed(default);
        await using var host = new ProjectionHost(
            [new MemoryProjectionWriter<Tally>(new Endless())], MemoryEventFeed.Decoder, null, new ManualTime(), new Random(1));
        await host.AttachAsync(feed);
        var halted = await Assert.ThrowsAsync<DaybookException>(
            async () => await host.WaitForAsync("endless", feed.Append("s", new Added(1, "a")), Runs.Limit));
        Assert.Equal(ErrorCode.PoisonEvent, halted.Code);
        Assert.Contains("more than 100000 keys", halted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_whose_message_cannot_be_read_parks_the_projection_at_the_event()
    {
        var feed = new MemoryEventFeed(default);
        await using var host = new ProjectionHost(
            [new MemoryProjectionWriter<Tally>(new Unreadable())], MemoryEventFeed.Decoder, null, new ManualTime(), new Random(1), _log);
        await host.AttachAsync(feed);
        var halted = await Assert.ThrowsAsync<DaybookException>(
            async () => await host.WaitForAsync("unreadable", feed.Append("s", new Added(1, "a")), Runs.Limit));
        Assert.Equal(ErrorCode.PoisonEvent, halted.Code);
        Assert.Contains(nameof(Engine.UnreadableException), halted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reaction_that_is_addressed_without_its_prefix_is_refused_with_the_name_it_has()
    {
        await using var host = new ProjectionHost([WriterOf("reaction:stuck")], MemoryEventFeed.Decoder, null, new ManualTime(), new Random(1));
        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await host.WaitForAsync("stuck", default));
        Assert.Equal(ErrorCode.UnknownType, refused.Code);
        Assert.Contains("The reaction of that name is addressed as 'reaction:stuck'", refused.Message, StringComparison.Ordinal);
    }

    private IProjectionWriter WriterOf(string name)
    {
        if (name == "stuck")
            return new MemoryProjectionWriter<Tally>(new Stuck(this));
        var writer = new ReactionWriter(ProjectionId.OfReaction(typeof(Stuck)), new Stuck(this), ReactionStart.Beginning, new MemoryProjections().Checkpoints(name));
        writer.Bind(null!);
        return writer;
    }

    [Projection("stuck")]
    [Reaction("stuck")]
    private sealed class Stuck(StuckProjectionTests test) : IDocumentProjection<Tally>, IReaction
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected)
        {
            test._entered.Set();
            test._release.Wait();
            return [];
        }

        public Tally? Apply(string key, Tally? document, ProjectedEvent projected) => document;

        public bool Concerns(ProjectedEvent projected) => true;

        public async ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken)
        {
            test._entered.Set();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }

    [Projection("endless")]
    private sealed class Endless : IDocumentProjection<Tally>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected)
        {
            for (var i = 0; i < 10_000_000; i++)
                yield return "same";
        }

        public Tally? Apply(string key, Tally? document, ProjectedEvent projected) => document;
    }

    [Projection("unreadable")]
    private sealed class Unreadable : IDocumentProjection<Tally>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => throw new Engine.UnreadableException();

        public Tally? Apply(string key, Tally? document, ProjectedEvent projected) => document;
    }

    /// <summary>Writes errors out, as every log does.</summary>
    private sealed class ErrorLog : ILogger<ProjectionHost>
    {
        internal List<string> Errors { get; } = [];

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
                Errors.Add($"{formatter(state, exception)} {exception}");
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
