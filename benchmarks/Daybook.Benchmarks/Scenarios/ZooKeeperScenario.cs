using Daybook.Benchmarks.Measuring;
using Daybook.Benchmarks.Peers;
using Daybook.Servers.ZooKeeper;
using Daybook.ZooKeeper;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>Our ZooKeeper client on a real server: gets, sets, creations with deletion; then the C client's gets and sets on the same server.</summary>
internal sealed class ZooKeeperScenario : IScenario
{
    private const int ValueBytes = 100;
    private const string Root = "/daybook-benchmark";

    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        await using var started = arguments.ZooKeeper is null
            ? await ZooKeeperServer.StartAsync(new ZooKeeperServerOptions { FullSpeed = true })
            : null;
        var connect = arguments.ZooKeeper ?? started!.ConnectString;
        var peer = await ZooKeeperPeer.PrepareAsync(folder);
        await using var client = await ZooKeeperClient.ConnectAsync(connect);
        foreach (var outstanding in arguments.InFlight is { } given ? [given] : new[] { 1, 16, 256 })
        {
            var fdatasync = DeviceProbe.FdatasyncP50(folder);
            await client.CreateAsync(Root, new byte[ValueBytes]);
            var before = await peer.MeasureAsync(connect, arguments.Seconds, outstanding);
            var loads = new List<(string Operation, LoadResult Load, long HeapGrowth)>();
            foreach (var (operation, request) in Operations(client))
            {
                var heap = GC.GetTotalMemory(forceFullCollection: true);
                var load = await ClosedLoop.RunAsync(outstanding, arguments.Seconds, request);
                loads.Add((operation, load, GC.GetTotalMemory(forceFullCollection: true) - heap));
            }
            var after = await peer.MeasureAsync(connect, arguments.Seconds, outstanding);
            foreach (var (operation, load, growth) in loads)
            {
                var report = new Report("zookeeper", arguments.Json).Add("in_flight", outstanding).Add("operation", operation).Add(load)
                    .Add("heap_growth_bytes", growth).Add("fdatasync_p50_us", fdatasync);
                Compare(report, operation, load, before, after).Print();
            }
            await client.DeleteAsync(Root);
        }
    }

    /// <summary>Compares with the better of two runs of the peer, one before ours and one after: the server grows faster while it runs.</summary>
    private static Report Compare(
        Report report, string operation, LoadResult load, ZooKeeperPeer.Result before, ZooKeeperPeer.Result after)
    {
        report.Add("peer", before.Peer);
        return before.PerSecond(operation) is { } first && after.PerSecond(operation) is { } second
            ? report.Add("peer_ops_per_s", Math.Max(first, second)).Add("of_peer", load.PerSecond / Math.Max(first, second))
            : report;
    }

    /// <summary>The set comes last: it is the headline.</summary>
    private static IEnumerable<(string Name, Func<int, ValueTask> Request)> Operations(ZooKeeperClient client)
    {
        var value = new byte[ValueBytes];
        var next = 0;
        yield return ("create_delete", async _ =>
        {
            var node = await client.CreateAsync($"{Root}/{Interlocked.Increment(ref next)}", value);
            await client.DeleteAsync(node.Path);
        });
        yield return ("get", async _ => await client.GetAsync(Root));
        yield return ("set", async _ => await client.SetAsync(Root, value));
    }
}
