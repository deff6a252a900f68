using Daybook.Benchmarks.Measuring;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>Events of 256 bytes appended to 1,000 streams, one event a call, through the public event store.</summary>
internal sealed class AppendScenario : IScenario
{
    public const int EventBytes = 256;
    public const int Streams = 1000;

    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        await using var book = await BenchmarkBook.OpenAsync(Path.Combine(folder, "book"), arguments);
        foreach (var inFlight in arguments.InFlight is { } given ? [given] : new[] { 1, 1000 })
        {
            var raw = DeviceProbe.RawAppendsPerSecond(folder, EventBytes, inFlight, Math.Min(arguments.Seconds, 3));
            var fdatasync = DeviceProbe.FdatasyncP50(folder);
            var load = await ClosedLoop.RunAsync(inFlight, arguments.Seconds, Operation(book));
            new Report("append", arguments.Json).Add("in_flight", inFlight).Add("event_bytes", EventBytes).Add(load)
                .Add("fdatasync_p50_us", fdatasync).Add("raw_ops_per_s", raw).Add("of_raw", load.PerSecond / raw)
                .Add("p50_of_fdatasync", load.P50 / fdatasync).Print();
        }
    }

    /// <summary>One append of one event, to each stream in turn.</summary>
    public static Func<int, ValueTask> Operation(Book book)
    {
        ReadOnlyMemory<EventData> events = new[] { new EventData("bench.bytes.v1", new byte[EventBytes]) };
        var streams = Enumerable.Range(0, Streams).Select(i => new StreamId($"bytes/stream-{i:D6}")).ToArray();
        var turn = 0;
        return async _ =>
        {
            var stream = streams[(uint)Interlocked.Increment(ref turn) % Streams];
            BenchmarkBook.Accepted(await book.Streams.AppendAsync(stream, ExpectedVersion.Any, events, BenchmarkBook.NewId()));
        };
    }
}
