using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;
using Microsoft.Extensions.Logging;

namespace Daybook.Core.Tests.Projections;

public sealed class ProjectionLogTests
{
    [Fact]
    public async Task Line_of_a_projection_that_runs_ends_with_its_offset_and_one_of_a_parked_one_with_the_cause()
    {
        var lines = new Lines();
        var feed = new MemoryEventFeed(default);
        var writer = new MemoryProjectionWriter<Tally>(new CountingProjection());
        await using var host = new ProjectionHost([writer], MemoryEventFeed.Decoder, null, TimeProvider.System, new Random(1), lines);
        await host.AttachAsync(feed);
        await host.WaitForAsync("tally", feed.Append("s", new Added(1, "a")), Runs.Limit);
        await Assert.ThrowsAsync<DaybookException>(async () => await host.WaitForAsync("tally", feed.Append("s", new Broken("a")), Runs.Limit));
        await host.DisposeAsync();

        var written = lines.Written;
        Assert.Contains(written, line => line.StartsWith("Projection tally v1 on partition 0 is Running at offset ", StringComparison.Ordinal));
        Assert.Contains(written, line => line.StartsWith("Projection tally v1 on partition 0 is parked at offset 1: Projection 'tally' failed", StringComparison.Ordinal));
        Assert.DoesNotContain(written, line => line.Contains("null", StringComparison.Ordinal));
    }

    private sealed class Lines : ILogger<ProjectionHost>
    {
        private readonly Lock _lock = new();
        private readonly List<string> _written = [];

        public IReadOnlyList<string> Written
        {
            get
            {
                lock (_lock)
                    return [.. _written];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lock)
                _written.Add(formatter(state, exception));
        }
    }
}
