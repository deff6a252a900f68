using System.Diagnostics;
using System.Diagnostics.Metrics;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Telemetry;

/// <summary>The client's telemetry: traces and metrics under the name <c>Daybook.ZooKeeper</c>.</summary>
internal static class ZooKeeperTelemetry
{
    public const string Name = "Daybook.ZooKeeper";

    private static readonly Meter s_meter = new(Name);

    private static readonly ActivitySource s_activities = new(Name);

    /// <summary>Begins the trace of a request; null when nobody listens. A failed one ends with the error's name as its status.</summary>
    public static Activity? Start(OpCode operation, string? path)
    {
        if (!s_activities.HasListeners())
            return null;
        var activity = s_activities.StartActivity($"zookeeper {operation}", ActivityKind.Client);
        activity?.SetTag("zookeeper.path", path);
        return activity;
    }

    /// <summary>From handing a request over to its reply, in seconds.</summary>
    public static Histogram<double> RequestDuration { get; } = s_meter.CreateHistogram<double>("zookeeper.client.request.duration", "s");

    public static UpDownCounter<int> Outstanding { get; } = s_meter.CreateUpDownCounter<int>("zookeeper.client.requests.outstanding");

    public static Counter<long> Reconnects { get; } = s_meter.CreateCounter<long>("zookeeper.client.reconnects");

    public static Counter<long> Expiries { get; } = s_meter.CreateCounter<long>("zookeeper.client.expiries");
}
