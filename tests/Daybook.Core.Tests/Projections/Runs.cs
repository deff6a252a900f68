using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;
using Daybook.Testing.Time;

namespace Daybook.Core.Tests.Projections;

/// <summary>One projection in memory on a host whose clock the test moves.</summary>
internal sealed class Runs : IAsyncDisposable
{
    internal const string Tally = "tally";

    internal Runs(ProjectionOptions? options = null, params IProjectionWriter[] others)
    {
        Writer = new FaultyWriter(Model);
        Host = new ProjectionHost([Writer, .. others], new SwitchedDecoder(this), options, Time, new Random(1));
    }

    internal MemoryProjectionWriter<Tally> Model { get; } = new(new CountingProjection());

    internal FaultyWriter Writer { get; }

    internal ManualTime Time { get; } = new();

    internal ProjectionHost Host { get; }

    /// <summary>Stored names of events that are not registered.</summary>
    internal HashSet<string> Unknown { get; } = [];

    internal static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    internal ProjectionStatus Status => Host.Status.Single(s => s.Projection == Writer.Projection && s.Partition == default);

    internal async Task AppliedAsync(Position position) => await Host.WaitForAsync(Tally, position, Limit);

    internal async Task<DaybookException> HaltedAsync(Position position) =>
        await Assert.ThrowsAsync<DaybookException>(() => AppliedAsync(position));

    internal async Task BecomesAsync(ProjectionState state)
    {
        var limit = Limit;
        for (; Status.State != state; await Task.Yield())
            limit.ThrowIfCancellationRequested();
    }

    internal async Task<decimal> SumAsync(string key) => (await Model.GetAsync(key))?.Sum ?? 0m;

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private sealed class SwitchedDecoder(Runs runs) : IEventDecoder
    {
        public object? Decode(RecordedEvent recorded) =>
            runs.Unknown.Contains(recorded.Type) ? null : MemoryEventFeed.Decoder.Decode(recorded);
    }
}
