using System.Diagnostics;

namespace Daybook.Benchmarks.Measuring;

/// <summary>A number of clients, each with one request in flight at any time.</summary>
internal static class ClosedLoop
{
    /// <param name="clients">How many.</param>
    /// <param name="seconds">For so long, after a warm-up half as long that is not counted: the run-time compiler needs it.</param>
    /// <param name="operation">Sends one request; gets the client's number.</param>
    public static async Task<LoadResult> RunAsync(int clients, double seconds, Func<int, ValueTask> operation)
    {
        await RunClientsAsync(clients, Math.Max(3, seconds / 2), operation);
        using var meter = new ProcessMeter();
        var latencies = await RunClientsAsync(clients, seconds, operation);
        return meter.Result(latencies.Count, latencies);
    }

    private static async Task<Latencies> RunClientsAsync(int clients, double seconds, Func<int, ValueTask> operation)
    {
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        using var latencies = new ThreadLocal<Latencies>(() => new Latencies(), trackAllValues: true);
        var running = new Task[clients];
        for (var i = 0; i < clients; i++)
        {
            var client = i;
            running[i] = Task.Run(() => ClientAsync(client, end, operation, latencies));
        }
        await Task.WhenAll(running);
        var all = new Latencies();
        foreach (var one in latencies.Values)
            all.Merge(one);
        return all;
    }

    private static async Task ClientAsync(int client, long end, Func<int, ValueTask> operation, ThreadLocal<Latencies> latencies)
    {
        for (var start = Stopwatch.GetTimestamp(); start < end;)
        {
            await operation(client);
            var now = Stopwatch.GetTimestamp();
            latencies.Value!.Add(now - start);
            start = now;
        }
    }
}
