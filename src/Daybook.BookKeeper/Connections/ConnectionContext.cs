using Daybook.BookKeeper.Telemetry;
using Daybook.BookKeeper.Wire;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Connections;

/// <summary>What all connections of one client share.</summary>
/// <param name="Options">How the client behaves.</param>
/// <param name="Log">Where to log.</param>
/// <param name="Telemetry">The metrics.</param>
/// <param name="Closing">Cancelled once the client is closed; no connection is opened after that.</param>
internal sealed record ConnectionContext(BookKeeperOptions Options, ILogger Log, BookieTelemetry Telemetry, CancellationToken Closing)
{
    public TimeProvider Time => Options.Time;

    /// <summary>How many timestamps a time is.</summary>
    public long Timestamps(TimeSpan time) => (long)(time.TotalSeconds * Time.TimestampFrequency);

    /// <summary>Hands an answer over. What goes wrong there must not keep others from theirs.</summary>
    public void Answer(BookieId bookie, in PendingRequest request, in Answer answer)
    {
        Telemetry.Over(request);
        try
        {
            request.Answer(bookie, answer);
        }
        catch (Exception e)
        {
            BookieLog.ReceiverFailed(Log, bookie, request.Operation, e);
        }
    }

    /// <summary>Reports why there is no answer.</summary>
    public void Fail(BookieId bookie, in PendingRequest request, BookieStatus status) => Answer(bookie, request, new Answer(default, status));

    /// <summary>As <see cref="Fail"/>, but not from within the call.</summary>
    public void FailLater(BookieId bookie, in PendingRequest request, BookieStatus status) => ThreadPool.UnsafeQueueUserWorkItem(
        static failed => failed.Context.Fail(failed.Bookie, failed.Request, failed.Status),
        (Context: this, Bookie: bookie, Request: request with { Sent = Time.GetTimestamp() }, Status: status),
        preferLocal: false);
}
