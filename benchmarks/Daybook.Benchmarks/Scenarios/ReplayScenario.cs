using System.Diagnostics;
using Daybook.Benchmarks.Measuring;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>
/// What opening a partition costs: <c>replay</c> without any recovery point, all records read and applied; <c>takeover</c> with recovery points as
/// they come. Both are timed from outside: the whole opening of the book, store, lease, journal and partition included.
/// </summary>
/// <param name="name">The scenario's name.</param>
/// <param name="withRecoveryPoints">With recovery points.</param>
internal sealed class ReplayScenario(string name, bool withRecoveryPoints) : IScenario
{
    private const int Streams = 100_000;
    private const long DefaultEvents = 10_000_000;

    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        var events = arguments.Events ?? DefaultEvents;
        var data = Path.Combine(folder, "book");
        var one = arguments with { Partitions = 1 };
        void Options(DaybookOptions options) => options.RecoveryPointEvery = withRecoveryPoints ? new DaybookOptions().RecoveryPointEvery : int.MaxValue;
        await using (var book = await BenchmarkBook.OpenAsync(data, one, Options))
            await Filling.RunAsync(book, events, Streams);

        var best = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var clock = Stopwatch.StartNew();
            await using var book = await BenchmarkBook.OpenAsync(data, one, Options);
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
            if (book.Partitions[0].Head?.Value < events)
                throw new InvalidOperationException($"The partition has only {book.Partitions[0].Head} records.");
        }
        new Report(name, arguments.Json).Add("events", events).Add("streams", Streams).Add("seconds", best)
            .Add("ops_per_s", events / best).Add("fdatasync_p50_us", DeviceProbe.FdatasyncP50(folder)).Print();
    }
}
