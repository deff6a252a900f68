using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Daybook.Projections;

namespace Daybook.Reactions;

/// <summary>
/// Side effects that follow from events: a mail, a payment, a message, a command to another aggregate. Each event is reacted to at least once, in the order
/// of its partition and one at a time; progress is recorded after each record of the journal that was reacted to, with the epoch of the partition's owner,
/// so that an owner that was overtaken cannot record any (invariant F2). Never runs when a read model is rebuilt. Carries
/// <see cref="ReactionAttribute"/>.
/// </summary>
/// <remarks>
/// After a crash, a lost owner or a failed write of the progress, the last record is delivered again, with the same <see cref="ReactionContext.Id"/>. An owner
/// that was overtaken may still have the effect it was at; the id is what makes it one. Called from one thread at a time for each partition.
/// </remarks>
public interface IReaction
{
    /// <summary>Whether there is anything to do for an event. Pure and quick: it is asked for every event of the book.</summary>
    bool Concerns(ProjectedEvent projected);

    /// <summary>
    /// Has the effect. When it throws something that passes (<see cref="IsTransient"/>), it is called again after a pause that doubles up to 30 s, as often as it
    /// takes; when it throws anything else, the reaction parks at the event, visibly, until a person retries or skips it.
    /// </summary>
    /// <param name="context">The event, its idempotency id, and the way to send commands.</param>
    /// <param name="cancellationToken">Cancelled when the host stops or the partition is lost; the event is then delivered again later.</param>
    ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Whether an error may pass without anybody doing anything. Default: what Daybook calls transient or in doubt, timeouts, lost connections, HTTP 408, 429 and
    /// 5xx, and what a database calls transient.
    /// </summary>
    bool IsTransient(Exception error) => error switch
    {
        InDoubtException => true,
        DaybookException known => known.IsTransient || known.Code is ErrorCode.Closed or ErrorCode.StoreFailed,
        HttpRequestException { StatusCode: { } status } => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500,
        DbException database => database.IsTransient,
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => true,
        _ => false,
    };
}
