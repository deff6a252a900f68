using System.Net.Sockets;
using System.Security.Authentication;
using Daybook.ZooKeeper.Connecting;
using Daybook.ZooKeeper.Telemetry;
using Daybook.ZooKeeper.Watches;
using Daybook.ZooKeeper.Wire;
using Microsoft.Extensions.Logging;

namespace Daybook.ZooKeeper.Sessions;

/// <summary>
/// One session from its first connection to its end, over as many connections as it takes. After the end it is of no more use, and nothing
/// of it is used again (invariant C4).
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    private const string NoAnswer = "no answer in time";
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    private readonly ZooKeeperOptions _options;
    private readonly HostRing _hosts;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly SessionStates _states;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _established = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private SessionIdentity _identity = SessionIdentity.None;
    private long _lastZxid;
    private readonly long _started;
    private long _connections;
    private string _lastRefusal = "";
    private volatile bool _leaving;

    public Session(ZooKeeperOptions options, ConnectString servers)
    {
        (_options, Servers) = (options, servers);
        _states = new SessionStates(_ended);
        _hosts = new HostRing(servers.Hosts, options.Random);
        _logger = options.Logging.CreateLogger<ZooKeeperClient>();
        _started = options.Time.GetTimestamp();
        Clock = new SessionClock(options.Time);
        Credentials = [.. options.Credentials];
        _running = Task.Run(RunAsync);
    }

    public ConnectString Servers { get; }

    public SessionClock Clock { get; }

    public WatchTable Watches { get; } = new();

    public RequestQueue Requests { get; } = new();

    public SessionStates States => _states;

    /// <summary>Sent to every server that the session connects to.</summary>
    public List<ZooKeeperCredentials> Credentials { get; }

    public long Id => Identity.Id;

    /// <summary>What resumes the session on any server.</summary>
    public SessionIdentity Identity => Volatile.Read(ref _identity);

    /// <summary>How many connections the session has had; counted before the state shows the new one.</summary>
    public long Connections => Volatile.Read(ref _connections);

    /// <summary>The newest transaction this session has seen.</summary>
    public long LastZxid => Volatile.Read(ref _lastZxid);

    /// <summary>Waits for the first connection.</summary>
    public Task EstablishedAsync => _established.Task;

    public ZooKeeperOptions Options => _options;

    /// <summary>Notes the newest transaction; it never goes back (invariant C7).</summary>
    public void Seen(long zxid)
    {
        if (zxid > LastZxid)
            Volatile.Write(ref _lastZxid, zxid);
    }

    /// <summary>Authenticates further, now and on every later connection.</summary>
    public void Authenticate(ZooKeeperCredentials credentials)
    {
        lock (Credentials)
            Credentials.Add(credentials);
        Requests.Add(new Request<bool>(OpCode.Auth, null, SessionLink.AuthBody(credentials), static (ref JuteReader _) => true));
    }

    /// <summary>The session is being closed: no further connection is opened, and the loss of this one is not reported.</summary>
    public void Leave() => _leaving = true;

    /// <summary>Ends the session here; the caller has closed it at the server, if it could be reached.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await ConnectAndServeAsync().ConfigureAwait(false);
                if (Clock.IsExpired)
                    throw SessionEndedException.Expired($"no server was reached for {Clock.Timeout * 4 / 3}.");
                if (!_established.Task.IsCompleted && TimeLeft <= TimeSpan.Zero)
                    throw Unreachable();
                if (_hosts.IsRoundDone)
                    await PauseAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            End(SessionEndedException.Closed());
        }
        catch (SessionEndedException end)
        {
            End(end);
        }
        catch (Exception e)
        {
            // A callback of the options threw, for example. No caller may wait for its answer for ever.
            End(SessionEndedException.Failed(e));
        }
    }

    /// <summary>Tries one server, and serves on it until the connection breaks.</summary>
    private async Task ConnectAndServeAsync()
    {
        var host = _hosts.Next();
        string reason;
        try
        {
            using var limit = new CancellationTokenSource(ConnectLimit(), _options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _closing.Token);
            var (connection, reply) = await EstablishAsync(host, either.Token).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            var link = new SessionLink(this, connection, reply.IsReadOnly ? _hosts : null);
            Established(reply, $"{host.Host}:{host.Port}");
            await link.ServeAsync(_closing.Token).ConfigureAwait(false);
            return;
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or MalformedFrameException or TimeoutException)
        {
            reason = e.Message;
        }
        catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
        {
            reason = NoAnswer;
        }
        if (_leaving)
            throw new OperationCanceledException("The client is closing.");
        if (reason != NoAnswer || _lastRefusal.Length == 0)
            _lastRefusal = $"{host.Host}:{host.Port}: {reason}";
        if (_states.Current is ZooKeeperState.Connected or ZooKeeperState.ConnectedReadOnly)
        {
            SessionLog.Lost(_logger, Id, $"{host.Host}:{host.Port}", reason);
            _states.Move(ZooKeeperState.Suspended);
        }
        else
        {
            SessionLog.Refused(_logger, $"{host.Host}:{host.Port}", reason);
        }
        Requests.FailSent(reason);
    }

    private async Task<(Connection Connection, ConnectReply Reply)> EstablishAsync(System.Net.DnsEndPoint host, CancellationToken cancellationToken)
    {
        var asked = _options.Time.GetTimestamp();
        var connection = new Connection(
            await Transport.OpenAsync(host, _options.Tls, cancellationToken).ConfigureAwait(false), _options.MaxReplyBytes);
        try
        {
            connection.Write(ConnectReply.Request(_identity, LastZxid, _options.SessionTimeout, _options.AllowReadOnly));
            await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
            var reply = ConnectReply.Read(await connection.ReadOneAsync(cancellationToken).ConfigureAwait(false));
            if (reply.Timeout <= TimeSpan.Zero)
                throw _identity.Id == 0 ? new IOException("The server gave no session.") : SessionEndedException.Expired("the server reported it.");
            if (reply.IsReadOnly && !_options.AllowReadOnly)
                throw new IOException("The server is read-only, which is not allowed here (option AllowReadOnly).");
            Clock.Established(reply.Timeout, asked);
            return (connection, reply);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Established(ConnectReply reply, string host)
    {
        // A session of a read-only server is known to that server only: a server with a quorum must not be asked for it (invariant C13).
        if (!reply.IsReadOnly)
            Volatile.Write(ref _identity, reply.Identity);
        _hosts.Succeeded();
        if (_established.Task.IsCompleted)
            ZooKeeperTelemetry.Reconnects.Add(1);
        Interlocked.Increment(ref _connections);
        var state = reply.IsReadOnly ? ZooKeeperState.ConnectedReadOnly : ZooKeeperState.Connected;
        SessionLog.Established(_logger, reply.Identity.Id, state, host, reply.Timeout);
        _states.Move(state);
        _established.TrySetResult();
    }

    private void End(SessionEndedException end)
    {
        if (end.State == ZooKeeperState.Expired)
            ZooKeeperTelemetry.Expiries.Add(1);
        if (end.State != ZooKeeperState.Closed)
            SessionLog.Ended(_logger, Id, end.State, end.Message);
        // An observer of the end must find nothing that still answers.
        Requests.End(end.Error);
        Watches.End(end.Error, quietly: end.State == ZooKeeperState.Closed);
        _states.Move(end.State);
        _established.TrySetException(end.Error);
    }

    private SessionEndedException Unreachable() => new(
        ZooKeeperState.Closed,
        new ZooKeeperException(ZooKeeperError.ConnectionLoss, null,
            $"No server of '{_options.ConnectString}' gave a session within {_options.ConnectTimeout} (option ConnectTimeout); the last try: {_lastRefusal}"));

    private TimeSpan ConnectLimit()
    {
        var timeout = Clock.Timeout > TimeSpan.Zero ? Clock.Timeout : _options.SessionTimeout;
        var share = timeout / _hosts.Count;
        return AtMost(share, TimeLeft);
    }

    private Task PauseAsync()
    {
        var longest = Clock.Timeout > TimeSpan.Zero && Clock.Timeout / 4 < s_longestPause ? Clock.Timeout / 4 : s_longestPause;
        return Task.Delay(AtMost(longest * _options.Random.NextDouble(), TimeLeft), _options.Time, _closing.Token);
    }

    /// <summary>How long it makes sense to go on trying: up to the local expiry, at first up to the option (invariant C6).</summary>
    private TimeSpan TimeLeft => _established.Task.IsCompleted
        ? Clock.ExpiresIn
        : _options.ConnectTimeout - _options.Time.GetElapsedTime(_started);

    private static TimeSpan AtMost(TimeSpan time, TimeSpan left) => left <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : time < left ? time : left;
}
