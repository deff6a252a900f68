using System.Diagnostics;
using Daybook.BookKeeper;
using Daybook.Servers.BookKeeper;
using Daybook.Servers.ZooKeeper;
using Daybook.ZooKeeper;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>A BookKeeper client on the cluster that the command line names, or on bookies started for it on this machine.</summary>
internal sealed class LedgerBench : IAsyncDisposable
{
    public const int DefaultOutstanding = 1000;

    private readonly BookieCluster? _started;
    private readonly BenchmarkArguments _arguments;

    private LedgerBench(BookieCluster? started, BookKeeperClient client, BenchmarkArguments arguments) =>
        (_started, Client, _arguments) = (started, client, arguments);

    public BookKeeperClient Client { get; }

    public static async Task<LedgerBench> StartAsync(BenchmarkArguments arguments)
    {
        var started = arguments.ZooKeeper is null
            ? await BookieCluster.StartAsync(Math.Max(arguments.Ensemble, arguments.Bookies), new ZooKeeperServerOptions { TickTime = TimeSpan.FromSeconds(2) })
            : null;
        var options = new BookKeeperOptions(new ZooKeeperOptions(arguments.ZooKeeper ?? started!.ConnectString))
        {
            Protocol = arguments.Protocol == 2 ? BookieProtocol.V2 : BookieProtocol.V3,
        };
        return new LedgerBench(started, await BookKeeperClient.ConnectAsync(options), arguments);
    }

    public Task<BookKeeperWriter> CreateAsync() => Client.CreateAsync(new CreateLedgerOptions
    {
        Ensemble = _arguments.Ensemble,
        WriteQuorum = _arguments.WriteQuorum,
        AckQuorum = _arguments.AckQuorum,
    });

    /// <summary>The processor time that the bookies started here have used; zero for external ones.</summary>
    public TimeSpan BookieCpu()
    {
        var sum = TimeSpan.Zero;
        foreach (var bookie in _started?.Bookies ?? [])
        {
            using var process = Process.GetProcessById(bookie.ProcessId);
            sum += process.TotalProcessorTime;
        }
        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (_started is not null)
            await _started.DisposeAsync();
    }
}
