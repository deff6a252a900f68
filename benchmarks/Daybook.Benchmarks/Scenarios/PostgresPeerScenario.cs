using Daybook.Benchmarks.Measuring;
using Daybook.Benchmarks.Peers;
using Daybook.Servers.Postgres;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>A book and Postgres with the same requests, one after the other in one run; both make each request durable before it is answered.</summary>
internal sealed class PostgresPeerScenario(string name, bool transfers) : IScenario
{
    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        await using var peer = await PostgresPeer.PrepareAsync(server.ConnectionString, arguments.Accounts);
        await using var book = await BenchmarkBook.OpenAsync(Path.Combine(folder, "book"), arguments);
        if (transfers)
            await BenchmarkBook.OpenAccountsAsync(book, arguments.Accounts);
        foreach (var inFlight in arguments.InFlight is { } given ? [given] : new[] { 1, 1000 })
        {
            var fdatasync = DeviceProbe.FdatasyncP50(folder);
            var theirs = await ClosedLoop.RunAsync(
                inFlight, arguments.Seconds, transfers ? peer.TransferOperation(arguments.Accounts) : peer.AppendOperation());
            var ours = await ClosedLoop.RunAsync(
                inFlight, arguments.Seconds, transfers ? TransferScenario.Operation(book, arguments) : AppendScenario.Operation(book));
            new Report(name, arguments.Json).Add("in_flight", inFlight).Add("postgres_ops_per_s", theirs.PerSecond).Add("postgres_p50_us", theirs.P50)
                .Add("postgres_p99_us", theirs.P99).Add(ours).Add("of_peer", ours.PerSecond / theirs.PerSecond).Add("fdatasync_p50_us", fdatasync).Print();
        }
    }
}
