using System.Diagnostics;
using Daybook.Benchmarks.Measuring;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>A closed ledger of 1 KiB entries read from beginning to end, again and again, each time by a new reader.</summary>
internal sealed class LedgerReadScenario : IScenario
{
    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        var entries = arguments.Entries;
        await using var bench = await LedgerBench.StartAsync(arguments);
        var ledger = await FillAsync(bench, arguments, entries);
        await ReadAsync(bench, ledger, Math.Max(3, arguments.Seconds / 2));
        var bookies = bench.BookieCpu();
        var load = await ReadAsync(bench, ledger, arguments.Seconds);
        var bookieCpu = (bench.BookieCpu() - bookies).TotalSeconds;
        await bench.Client.DeleteAsync(ledger);
        new Report("ledger-read", arguments.Json).Add("entries", entries).Add("entry_bytes", arguments.EntryBytes)
            .Add("ensemble", arguments.Ensemble).Add("write_quorum", arguments.WriteQuorum).Add("ack_quorum", arguments.AckQuorum)
            .Add("protocol", arguments.Protocol).Add(load).Add("bookie_cpu_us_per_op", bookieCpu * 1e6 / load.Operations).Print();
    }

    private static async Task<LedgerId> FillAsync(LedgerBench bench, BenchmarkArguments arguments, long entries)
    {
        var entry = new byte[arguments.EntryBytes];
        Random.Shared.NextBytes(entry);
        var writer = await bench.CreateAsync();
        var underWay = new Queue<Task<EntryId>>();
        for (var i = 0L; i < entries; i++)
        {
            if (underWay.Count == LedgerBench.DefaultOutstanding)
                await underWay.Dequeue();
            underWay.Enqueue(writer.AppendAsync(entry));
        }
        await writer.CloseAsync();
        return writer.Id;
    }

    /// <summary>A latency here is the time a reader waits for its next entry.</summary>
    private static async Task<LoadResult> ReadAsync(LedgerBench bench, LedgerId ledger, double seconds)
    {
        var latencies = new Latencies();
        using var meter = new ProcessMeter();
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var read = 0L;
        while (Stopwatch.GetTimestamp() < end)
        {
            var reader = await bench.Client.OpenAsync(ledger);
            var next = new EntryId(0);
            var start = Stopwatch.GetTimestamp();
            await foreach (var entry in reader.ReadAsync(next, reader.LastAddConfirmed))
            {
                if (entry.Id != next)
                    throw new InvalidOperationException($"Entry {entry.Id} came in the place of {next}.");
                var now = Stopwatch.GetTimestamp();
                latencies.Add(now - start);
                (start, next) = (now, next.Next);
            }
            read += next.Value;
        }
        return meter.Result(read, latencies);
    }
}
