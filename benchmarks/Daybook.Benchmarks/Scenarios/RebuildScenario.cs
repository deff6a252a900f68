using System.Diagnostics;
using Daybook.Benchmarks.Measuring;
using Daybook.Postgres;
using Daybook.Postgres.CommandLine;
using Daybook.Servers.Postgres;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>
/// A projection is built again beside the one that is shown, while events are appended as fast as the book takes them: what that costs the appends, and
/// how long it takes.
/// </summary>
internal sealed class RebuildScenario : IScenario
{
    private const int Streams = 10_000;
    private const long DefaultEvents = 1_000_000;

    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        var events = arguments.Events ?? DefaultEvents;
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        await using var book = await ProjectionBench.OpenAsync(Path.Combine(folder, "book"), arguments, server.ConnectionString);
        await ProjectionBench.FillAsync(book, events, Streams);
        await ProjectionBench.CaughtUpAsync(book);
        await LoadAsync(book, arguments, Task.Delay(TimeSpan.FromSeconds(Math.Max(3, arguments.Seconds / 2))));

        var without = await LoadAsync(book, arguments, Task.Delay(TimeSpan.FromSeconds(arguments.Seconds)));
        var clock = Stopwatch.StartNew();
        var rebuild = Task.Run(() => RebuildAsync(server.ConnectionString));
        var with = await LoadAsync(book, arguments, rebuild);
        await rebuild;
        new Report("rebuild", arguments.Json).Add("events", events).Add("streams", Streams).Add("partitions", arguments.Partitions)
            .Add("rebuild_seconds", clock.Elapsed.TotalSeconds).Add("live_without_ops_per_s", without.PerSecond).Add(with)
            .Add("of_live", with.PerSecond / without.PerSecond).Add("fdatasync_p50_us", DeviceProbe.FdatasyncP50(folder)).Print();
    }

    private static async Task RebuildAsync(string connectionString)
    {
        using var output = new StringWriter();
        var options = new PostgresProjectionOptions { ConnectionString = connectionString };
        if (await ProjectionCommands.RunAsync(["rebuild", "totals"], options, output, output) != 0)
            throw new InvalidOperationException($"The rebuild failed:\n{output}");
    }

    /// <summary>Appends until a task ends.</summary>
    private static async Task<LoadResult> LoadAsync(Book book, BenchmarkArguments arguments, Task until)
    {
        var latencies = new Latencies();
        using var meter = new ProcessMeter();
        await Task.WhenAll(Enumerable.Range(0, arguments.InFlight ?? 100).Select(client => Task.Run(async () =>
        {
            var mine = new Latencies();
            for (var number = client; !until.IsCompleted; number += 7919)
            {
                var start = Stopwatch.GetTimestamp();
                await ProjectionBench.ChangeAsync(book, number, Streams);
                mine.Add(Stopwatch.GetTimestamp() - start);
            }
            lock (latencies)
                latencies.Merge(mine);
        })));
        return meter.Result(latencies.Count, latencies);
    }
}
