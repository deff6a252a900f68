using System.Collections.Concurrent;
using Daybook.ZooKeeper.Connecting;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Sessions;

/// <summary>A session while it has a server: what is first sent, the loops that read and write, the pings.</summary>
/// <param name="session">The session.</param>
/// <param name="connection">The connection, which ends with this.</param>
/// <param name="hosts">Where to look for a server that takes writes; null when this one does.</param>
internal sealed class SessionLink(Session session, Connection connection, HostRing? hosts)
{
    private const int FlushAbove = 64 * 1024;
    private static readonly TimeSpan s_longestProbePause = TimeSpan.FromSeconds(60);
    private readonly TimeProvider _time = session.Options.Time;
    private readonly ConcurrentQueue<long> _pings = new();
    private int _pingDue;
    private int _watchesToSet;

    /// <summary>Serves until the connection breaks; the exception is the cause.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        Prime();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> loops = [connection.ReadAllAsync(Take, over.Token), WriteAsync(over.Token), WatchTheClockAsync(over.Token)];
        if (hosts is not null)
            loops.Add(FindWritableAsync(hosts, over.Token));
        var first = await Task.WhenAny(loops).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await connection.CloseAsync().ConfigureAwait(false);
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The server's last answer outweighs the close that followed it.
        var why = loops[0].Exception?.InnerException is SessionEndedException ? loops[0] : first;
        await why.ConfigureAwait(false);
        throw new IOException("The connection ended.");
    }

    /// <summary>Credentials, then watches, then waiting requests (invariant C3).</summary>
    private void Prime()
    {
        session.Watches.InFlight.Clear();
        ZooKeeperCredentials[] known;
        lock (session.Credentials)
            known = [.. session.Credentials];
        foreach (var credentials in known)
            connection.Write(Xid.Auth, OpCode.Auth, AuthBody(credentials));
        var batches = WatchBatches.Of(session.Watches.Paths(), session.Servers, session.LastZxid);
        _watchesToSet = batches.Count;
        foreach (var (operation, body) in batches)
            connection.Write(Xid.SetWatches, operation, body.Span);
    }

    public static byte[] AuthBody(ZooKeeperCredentials credentials) =>
        new JuteWriter().Int(0).Text(credentials.Scheme).Buffer(credentials.Value.Span).Written.ToArray();

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        var waiting = session.Requests.Waiting;
        while (await waiting.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (waiting.TryRead(out var request))
            {
                Send(request);
                if (connection.Unflushed > FlushAbove)
                    await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        // The session is over; the reading loop hears it from the server.
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken).ConfigureAwait(false);
    }

    private void Send(Request request)
    {
        if (Interlocked.Exchange(ref _pingDue, 0) != 0)
        {
            _pings.Enqueue(session.Clock.Sent());
            connection.Write(Xid.Ping, OpCode.Ping, []);
        }
        if (request.IsAbandoned || !request.TakeBody())
            return;
        request.SentAt = session.Clock.Sent();
        if (request.Operation == OpCode.Auth)
        {
            connection.Write(Xid.Auth, OpCode.Auth, request.Body.Span);
            return;
        }
        session.Requests.Sending(request);
        connection.Write(request.Xid, request.Operation, request.Body.Span);
    }

    private void Take(ReadOnlySpan<byte> frame)
    {
        session.Clock.Heard();
        var reader = new JuteReader(frame);
        var (xid, zxid, error) = (reader.Int(), reader.Long(), (ZooKeeperError)reader.Int());
        switch (xid)
        {
            case Xid.Ping:
                session.Clock.Renewed(_pings.TryDequeue(out var sentAt) ? sentAt : throw new MalformedFrameException("A ping was answered that was not sent."));
                break;
            case Xid.Auth when error != ZooKeeperError.None:
                throw SessionEndedException.AuthFailed();
            case Xid.Auth:
                break;
            case Xid.SetWatches when error != ZooKeeperError.None:
                throw new IOException($"The server did not set the watches again: {error}.");
            case Xid.SetWatches:
                if (--_watchesToSet == 0)
                    session.Watches.Resync();
                break;
            case Xid.Notification:
                Notify(ref reader);
                break;
            default:
                Reply(session.Requests.Replied(xid), zxid, error, ref reader);
                break;
        }
    }

    private void Reply(Request request, long zxid, ZooKeeperError error, ref JuteReader reader)
    {
        session.Seen(zxid);
        session.Clock.Renewed(request.SentAt);
        try
        {
            request.Answer(error, ref reader);
        }
        catch (MalformedFrameException e)
        {
            request.Fail(new ZooKeeperException(ZooKeeperError.ConnectionLoss, request.Path, e.Message, isOutcomeUnknown: true, e));
            throw;
        }
    }

    private void Notify(ref JuteReader reader)
    {
        var type = reader.Int();
        reader.Int();
        if (session.Servers.ToClient(reader.Text()) is { } path && type is >= (int)WatchEventType.Created and <= (int)WatchEventType.ChildrenChanged)
            session.Watches.Notify(new WatchEvent((WatchEventType)type, path));
    }

    private async Task WatchTheClockAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(session.Clock.PingAfter / 4, _time, cancellationToken).ConfigureAwait(false);
            if (session.Clock.IsServerSilent)
                throw new TimeoutException($"The server was silent for {session.Clock.ReadTimeout}.");
            if (session.Clock.IsPingDue && Interlocked.Exchange(ref _pingDue, 1) == 0)
                session.Requests.Add(Wake.Instance);
        }
    }

    private async Task FindWritableAsync(HostRing others, CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(200); ; pause = pause * 2 < s_longestProbePause ? pause * 2 : s_longestProbePause)
        {
            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
            foreach (var host in others.Others())
            {
                if (!await ReadWriteProbe.TakesWritesAsync(host, session.Options.Tls, session.Clock.ReadTimeout, _time, cancellationToken).ConfigureAwait(false))
                    continue;
                others.Prefer(host);
                throw new IOException($"{host.Host}:{host.Port} takes writes.");
            }
        }
    }

    /// <summary>Wakes the writing loop for a ping; is never sent itself.</summary>
    private sealed class Wake() : Request(OpCode.Ping, null, default)
    {
        public static Wake Instance { get; } = new();

        public override bool IsAbandoned => true;

        public override void Answer(ZooKeeperError error, ref JuteReader reader)
        {
        }

        public override void Fail(ZooKeeperException error)
        {
        }

        protected override void Skip()
        {
        }
    }
}
