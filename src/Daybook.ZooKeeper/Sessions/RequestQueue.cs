using System.Threading.Channels;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Sessions;

/// <summary>
/// Requests that wait to be sent, and those sent that wait for their reply, which comes in the same order (invariant C5). What waits to be
/// sent outlives a connection; what was sent does not.
/// </summary>
internal sealed class RequestQueue
{
    private readonly Channel<Request> _waiting = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Queue<Request> _sent = [];
    private readonly Lock _lock = new();
    private ZooKeeperException? _ended;
    private const int LargeBytes = 256 * 1024;
    private int _lastXid;

    public ChannelReader<Request> Waiting => _waiting.Reader;

    public void Add(Request request)
    {
        if (!_waiting.Writer.TryWrite(request))
            request.Fail(EndOf(request));
    }

    /// <summary>Numbers a request and keeps it for its reply.</summary>
    public void Sending(Request request)
    {
        lock (_lock)
        {
            request.Xid = _lastXid = _lastXid == int.MaxValue ? 1 : _lastXid + 1;
            _sent.Enqueue(request);
        }
    }

    /// <summary>The request a reply is to.</summary>
    /// <exception cref="MalformedFrameException">It is to another: client and server no longer agree (invariant C11).</exception>
    public Request Replied(int xid)
    {
        lock (_lock)
        {
            if (!_sent.TryDequeue(out var request))
                throw new MalformedFrameException($"A reply to request {xid} came, but none is under way.");
            if (request.Xid == xid)
                return request;
            // It is answered by nobody now, like those behind it.
            request.Fail(Lost(request, "the server answered out of order"));
            throw new MalformedFrameException($"A reply to request {xid} came where one to {request.Xid} was due.");
        }
    }

    /// <summary>The connection is gone: nobody will answer what was sent.</summary>
    public void FailSent(string reason)
    {
        while (TakeSent() is { } request)
            request.Fail(Lost(request, reason));
    }

    /// <summary>The session is over: nothing that waits or comes is ever sent (invariant C4).</summary>
    public void End(ZooKeeperException why)
    {
        _ended = why;
        _waiting.Writer.TryComplete();
        while (TakeSent() is { } sent)
            sent.Fail(new ZooKeeperException(why.Error, sent.Path, why.Message, isOutcomeUnknown: true, why));
        while (_waiting.Reader.TryRead(out var unsent))
            unsent.Fail(EndOf(unsent));
    }

    private ZooKeeperException EndOf(Request request) => new(
        _ended?.Error ?? ZooKeeperError.SessionExpired, request.Path, _ended?.Message ?? "The session is over.", isOutcomeUnknown: false, _ended);

    private static ZooKeeperException Lost(Request request, string reason) => new(
        ZooKeeperError.ConnectionLoss, request.Path, $"The connection broke before {request.Operation} was answered: {reason}{Suspicion(request)}",
        isOutcomeUnknown: true);

    private static string Suspicion(Request request) => request.Body.Length < LargeBytes
        ? ""
        : $" The request has {request.Body.Length} bytes; a server hangs up on one over its jute.maxbuffer, 1,048,575 by default.";

    private Request? TakeSent()
    {
        lock (_lock)
            return _sent.TryDequeue(out var request) ? request : null;
    }
}
