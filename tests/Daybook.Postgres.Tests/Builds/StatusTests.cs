using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;
using Microsoft.Extensions.Logging;

namespace Daybook.Postgres.Tests.Builds;

/// <summary>What operators and logs are shown of faults.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class StatusTests(SharedPostgres postgres)
{
    private readonly MemoryEventFeed[] _feeds = [.. Enumerable.Range(0, 3).Select(i => new MemoryEventFeed(new PartitionId(i)))];

    [SkippableFact(typeof(MissingToolException))]
    public async Task Fault_that_partitions_have_in_common_has_one_line_and_what_stopped_is_published()
    {
        var database = await postgres.DatabaseAsync();
        foreach (var feed in _feeds)
            feed.Append("s", new Added(1, "a"));
        await using (var node = await Node.StartAsync(database, _feeds))
            await node.LevelAsync(_feeds);
        await Sql.ExecuteAsync(database, "update daybook.checkpoints set book = 'elsewhere'");

        await using var other = await Node.StartAsync(database, _feeds, sink =>
        {
            sink.Bind(new Guid(1, 0, 0, new byte[8]));
            return sink.Writer(new CountingProjection());
        });

        var status = await StatusAsync(database, "partitions 0, 1, 2: Stopped");
        Assert.Single(status.Split("was folded from book elsewhere"), part => part.Contains("but this is book", StringComparison.Ordinal));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Skips_are_shown_after_a_restart_and_a_replaced_version_is_to_be_dropped_not_retried()
    {
        var database = await postgres.DatabaseAsync();
        await using (var node = await Node.StartAsync(database, _feeds))
        {
            var skipped = _feeds[0].Append("s", new Broken("a"));
            await StatusAsync(database, "Parked at 0 of 1");
            await node.DoAsync($"skip tally {skipped}");
            await node.AppliedAsync(skipped);
        }
        await using (var again = await Node.StartAsync(database, _feeds))
        {
            await StatusAsync(database, "Running at 1 of 1; 1 events skipped");
            Assert.Equal(1, again.Host.Status.Sum(s => s.Skipped));
            _feeds[1].Append("t", new Broken("a"));
            await StatusAsync(database, "projections retry tally 1");
        }
        await Sql.ExecuteAsync(database, "update daybook.runs set seen_at = now() - interval '1 minute'");
        await using var next = await Node.StartAsync(database, _feeds, sink => sink.Writer(new Lenient()));

        var status = await StatusAsync(database, "Version 2 has replaced it. To remove it: projections drop tally --version 1");
        Assert.DoesNotContain("retry tally 1", status, StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Build_that_cannot_be_made_is_logged()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var sink = sinks.Open(database);
        await sink.OpenAsync();
        await Sql.ExecuteAsync(database, "create table daybook.projection_tally_v1 (in_the_way int)");
        await using var host = new ProjectionHost([sink.Writer(new CountingProjection())], MemoryEventFeed.Decoder, null, TimeProvider.System, new Random(1));
        var log = new Lines();

        await using var supervisor = await sink.SuperviseAsync(host, TimeProvider.System, log);

        Assert.Contains(log.All, line => line.StartsWith("Error: Projection tally v1 build 1 cannot be built: ", StringComparison.Ordinal));
    }

    private static async Task<string> StatusAsync(string database, string until)
    {
        var status = "";
        await Wait.UntilAsync(async () => (status = await Node.DoAsync(database, "status")).Contains(until, StringComparison.Ordinal), $"the status contained '{until}'");
        return status;
    }

    /// <summary>A new version that takes every event.</summary>
    [Projection("tally", Version = 2)]
    private sealed class Lenient : IDocumentProjection<Tally>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => ["all"];

        public Tally Apply(string key, Tally? document, ProjectedEvent projected) => new(0, (document?.Count ?? 0) + 1);
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        internal System.Collections.Concurrent.ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"{logLevel}: {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
