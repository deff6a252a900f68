using Daybook.Benchmarks.Measuring;
using Daybook.Servers.ZooKeeper;
using Daybook.ZooKeeper;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>Reads, writes, watches and cancelled calls for as long as asked, in ten parts: does the heap that is in use grow?</summary>
internal sealed class ZooKeeperSoakScenario : IScenario
{
    private const int Parts = 10;
    private const int ValueBytes = 100;
    private const string Root = "/daybook-soak";

    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        await using var started = arguments.ZooKeeper is null
            ? await ZooKeeperServer.StartAsync(new ZooKeeperServerOptions { FullSpeed = true })
            : null;
        await using var client = await ZooKeeperClient.ConnectAsync(arguments.ZooKeeper ?? started!.ConnectString);
        await client.CreateAsync(Root, new byte[ValueBytes]);
        var first = 0L;
        for (var part = 1; part <= Parts; part++)
        {
            var load = await ClosedLoop.RunAsync(arguments.InFlight ?? 64, arguments.Seconds / Parts, async number => await StepAsync(client, number));
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            first = part == 1 ? heap : first;
            new Report("zookeeper-soak", arguments.Json).Add("part", part).Add(load).Add("heap_bytes", heap).Add("heap_growth_bytes", heap - first).Print();
        }
        await client.DeleteAsync(Root);
    }

    private static async Task StepAsync(ZooKeeperClient client, int number)
    {
        var path = $"{Root}/{number}-{Guid.NewGuid():n}";
        await client.CreateAsync(path, new byte[ValueBytes], CreateMode.Ephemeral);
        var read = await client.GetAndWatchAsync(path);
        await using (await client.WatchAsync(path))
        {
            await client.SetAsync(path, read.Value.Data);
            await read.Changed;
        }
        using var impatient = new CancellationTokenSource();
        var given = client.GetAsync(path, impatient.Token);
        await impatient.CancelAsync();
        try
        {
            await given;
        }
        catch (OperationCanceledException)
        {
            // The cancellation was requested: a cancelled call must leave nothing behind.
        }
        await client.DeleteAsync(path);
    }
}
