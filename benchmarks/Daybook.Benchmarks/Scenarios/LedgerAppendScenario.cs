using System.Diagnostics;
using Daybook.Benchmarks.Measuring;
using Daybook.BookKeeper;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>Entries of 1 KiB appended to one ledger on bookies, with a fixed number outstanding.</summary>
internal sealed class LedgerAppendScenario : IScenario
{
    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        await using var bench = await LedgerBench.StartAsync(arguments);
        foreach (var outstanding in arguments.InFlight is { } given ? [given] : new[] { 1, LedgerBench.DefaultOutstanding })
        {
            var raw = DeviceProbe.RawAppendsPerSecond(folder, arguments.EntryBytes, outstanding, Math.Min(arguments.Seconds, 2));
            var fdatasync = DeviceProbe.FdatasyncP50(folder);
            var writer = await bench.CreateAsync();
            await AppendAsync(writer, arguments, outstanding, Math.Max(3, arguments.Seconds / 2));
            var bookies = bench.BookieCpu();
            var load = await AppendAsync(writer, arguments, outstanding, arguments.Seconds);
            var bookieCpu = (bench.BookieCpu() - bookies).TotalSeconds;
            await writer.CloseAsync();
            await bench.Client.DeleteAsync(writer.Id);
            new Report("ledger-append", arguments.Json).Add("in_flight", outstanding).Add("entry_bytes", arguments.EntryBytes)
                .Add("ensemble", arguments.Ensemble).Add("write_quorum", arguments.WriteQuorum).Add("ack_quorum", arguments.AckQuorum)
                .Add("protocol", arguments.Protocol).Add(load).Add("bookie_cpu_us_per_op", bookieCpu * 1e6 / load.Operations)
                .Add("fdatasync_p50_us", fdatasync).Add("raw_ops_per_s", raw).Add("of_raw", load.PerSecond / raw).Print();
        }
    }

    /// <summary>One producer: ids come in the order of the calls, so the oldest is the first to be acknowledged.</summary>
    private static async Task<LoadResult> AppendAsync(BookKeeperWriter writer, BenchmarkArguments arguments, int outstanding, double seconds)
    {
        var entry = new byte[arguments.EntryBytes];
        Random.Shared.NextBytes(entry);
        var underWay = new (Task<EntryId> Task, long Start)[outstanding];
        var latencies = new Latencies();
        using var meter = new ProcessMeter();
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        long appended = 0;
        for (; Stopwatch.GetTimestamp() < end; appended++)
        {
            var slot = appended % outstanding;
            if (appended >= outstanding)
                await ObserveAsync(underWay[slot], latencies);
            underWay[slot] = (writer.AppendAsync(entry), Stopwatch.GetTimestamp());
        }
        for (var rest = Math.Max(0, appended - outstanding); rest < appended; rest++)
            await ObserveAsync(underWay[rest % outstanding], latencies);
        return meter.Result(appended, latencies);
    }

    private static async ValueTask ObserveAsync((Task<EntryId> Task, long Start) append, Latencies latencies)
    {
        await append.Task;
        latencies.Add(Stopwatch.GetTimestamp() - append.Start);
    }
}
