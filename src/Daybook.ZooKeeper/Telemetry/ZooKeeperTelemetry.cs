using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Daybook.ZooKeeper.Telemetry;

/// <summary>What the client tells observers: traces and metrics under the name <c>Daybook.ZooKeeper</c>.</summary>
internal static class ZooKeeperTelemetry
{
    public const string Name = "Daybook.ZooKeeper";

    private static readonly Meter s_meter = new(Name);

    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>From handing a request over to its reply, in seconds.</summary>
    public static Histogram<double> RequestDuration { get; } = s_meter.CreateHistogram<double>("zookeeper.client.request.duration", "s");

    public static UpDownCounter<int> Outstanding { get; } = s_meter.CreateUpDownCounter<int>("zookeeper.client.requests.outstanding");

    public static Counter<long> Reconnects { get; } = s_meter.CreateCounter<long>("zookeeper.client.reconnects");

    public static Counter<long> Expiries { get; } = s_meter.CreateCounter<long>("zookeeper.client.expiries");
}
