using System.Diagnostics.Metrics;
using Daybook.BookKeeper.Connections;

namespace Daybook.BookKeeper.Telemetry;

/// <summary>One client's telemetry about its bookies: metrics under the name <c>Daybook.BookKeeper</c>. Costs next to nothing when nobody listens.</summary>
internal sealed class BookieTelemetry : IDisposable
{
    public const string Name = "Daybook.BookKeeper";

    private static readonly KeyValuePair<string, object?>[] s_tags =
        [.. Enum.GetValues<BookieOperation>().Select(o => new KeyValuePair<string, object?>("operation", o.ToString()))];

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _reconnects;
    private readonly TimeProvider _time;

    /// <param name="time">The clock of the client.</param>
    /// <param name="pending">How many requests and bytes wait; asked when an observer looks.</param>
    public BookieTelemetry(TimeProvider time, Func<(long Requests, long Bytes)> pending)
    {
        _time = time;
        _duration = Meter.CreateHistogram<double>("bookkeeper.client.request.duration", "s", "From handing a request over to its answer, or its failure.");
        _reconnects = Meter.CreateCounter<long>("bookkeeper.client.reconnects", description: "Connections made after the first to the same bookie.");
        Meter.CreateObservableUpDownCounter("bookkeeper.client.requests.pending", () => pending().Requests);
        Meter.CreateObservableUpDownCounter("bookkeeper.client.bytes.pending", () => pending().Bytes, "By");
    }

    /// <summary>The meter of this one client.</summary>
    public Meter Meter { get; } = new(Name);

    /// <summary>A connection was made that is not the first.</summary>
    public void Reconnected() => _reconnects.Add(1);

    /// <summary>A request is over, successful or not.</summary>
    public void Over(in PendingRequest request)
    {
        if (_duration.Enabled)
            _duration.Record(_time.GetElapsedTime(request.Sent).TotalSeconds, s_tags[(int)request.Operation]);
    }

    public void Dispose() => Meter.Dispose();
}
