using System.Diagnostics;
using Daybook.Benchmarks.Measuring;
using Daybook.Servers.Postgres;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>A steady stream of appends; how long after its acknowledgement each is committed in Postgres.</summary>
internal sealed class ProjectTailScenario : IScenario
{
    private const int PerSecond = 1000;
    private const int Streams = 1000;

    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        await using var book = await ProjectionBench.OpenAsync(Path.Combine(folder, "book"), arguments, server.ConnectionString);
        await RunAsync(book, Math.Max(3, arguments.Seconds / 2));
        var fdatasync = DeviceProbe.FdatasyncP50(folder);
        using var meter = new ProcessMeter();
        var latencies = await RunAsync(book, arguments.Seconds);
        new Report("project-tail", arguments.Json).Add("per_second", PerSecond).Add("partitions", arguments.Partitions)
            .Add(meter.Result(latencies.Count, latencies)).Add("fdatasync_p50_us", fdatasync).Print();
    }

    private static async Task<Latencies> RunAsync(Book book, double seconds)
    {
        var latencies = new Latencies();
        var requests = new List<Task>();
        var start = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            await tick.WaitForNextTickAsync();
            for (var due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * PerSecond); requests.Count < due;)
                requests.Add(RequestAsync(book, requests.Count, latencies));
        }
        await Task.WhenAll(requests);
        return latencies;
    }

    private static async Task RequestAsync(Book book, int number, Latencies latencies)
    {
        var position = await ProjectionBench.ChangeAsync(book, number, Streams);
        var acknowledged = Stopwatch.GetTimestamp();
        await book.Projections.WaitForAsync("totals", position);
        var delay = Stopwatch.GetTimestamp() - acknowledged;
        lock (latencies)
            latencies.Add(delay);
    }
}
