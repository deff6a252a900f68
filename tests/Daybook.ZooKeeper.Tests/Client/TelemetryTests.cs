using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;

namespace Daybook.ZooKeeper.Tests.Client;

[Collection(RealServerCollection.Name)]
public sealed class TelemetryTests(RealServer server)
{
    private const string Name = "Daybook.ZooKeeper";

    [SkippableFact(typeof(MissingToolException))]
    public async Task Requests_are_traced_with_path_and_error()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await client.GetAsync(root);
        await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetAsync(root + "/none"));
        var own = ended.Where(activity => (activity.GetTagItem("zookeeper.path") as string)?.StartsWith(root, StringComparison.Ordinal) == true).ToArray();
        Assert.Equal(["zookeeper GetData", "zookeeper GetData"], own.Select(activity => activity.OperationName));
        Assert.Equal([(ActivityStatusCode.Unset, null), (ActivityStatusCode.Error, "NoNode")], own.Select(a => (a.Status, a.StatusDescription)));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Requests_reconnects_and_expiries_are_counted()
    {
        var counts = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, own) => Enable(instrument, own) };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Count(instrument, 1));
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Count(instrument, value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Count(instrument, Math.Abs(value)));
        listener.Start();
        await using var proxy = FaultProxy.Start((await server.StartedAsync()).Port);
        await using var client = await ZooKeeperClient.ConnectAsync(
            new ZooKeeperOptions(proxy.Address) { SessionTimeout = TimeSpan.FromSeconds(1) });
        await client.ExistsAsync("/");
        proxy.CutAll();
        await Wait.UntilAsync(() => counts.GetValueOrDefault("zookeeper.client.reconnects") > 0, "a reconnect was counted");
        await client.ExistsAsync("/");
        await proxy.RefuseConnectionsAsync();
        proxy.CutAll();
        await Wait.UntilAsync(() => counts.GetValueOrDefault("zookeeper.client.expiries") > 0, "an expiry was counted");
        Assert.True(counts.GetValueOrDefault("zookeeper.client.request.duration") >= 2);
        Assert.True(counts.GetValueOrDefault("zookeeper.client.requests.outstanding") >= 4);

        void Count(Instrument instrument, double by) => counts.AddOrUpdate(instrument.Name, by, (_, sum) => sum + by);
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == Name)
            listener.EnableMeasurementEvents(instrument);
    }
}
