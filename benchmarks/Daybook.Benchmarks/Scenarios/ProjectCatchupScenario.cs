using System.Diagnostics;
using Daybook.Benchmarks.Measuring;
using Daybook.Servers.Postgres;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>A filled journal folded into documents in Postgres, from nothing: three times, each into its own schema. The opening of the
/// book is part of the time.</summary>
internal sealed class ProjectCatchupScenario : IScenario
{
    private const int Rounds = 3;
    private const int Streams = 10_000;
    private const long DefaultEvents = 1_000_000;

    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        var events = arguments.Events ?? DefaultEvents;
        var data = Path.Combine(folder, "book");
        await using (var book = await ProjectionBench.OpenAsync(data, arguments))
            await ProjectionBench.FillAsync(book, events, Streams);
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            await using var book = await ProjectionBench.OpenAsync(data, arguments, server.ConnectionString, $"round{round}");
            await ProjectionBench.CaughtUpAsync(book);
            rates.Add(events / clock.Elapsed.TotalSeconds);
            await ProjectionBench.ExpectAsync(book, events);
        }
        new Report("project-catchup", arguments.Json).Add("events", events).Add("streams", Streams).Add("partitions", arguments.Partitions)
            .Add("ops_per_s", rates.Max()).Add("first_ops_per_s", rates[0]).Add("fdatasync_p50_us", DeviceProbe.FdatasyncP50(folder)).Print();
    }
}
