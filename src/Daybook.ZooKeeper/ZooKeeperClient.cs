using Daybook.ZooKeeper.Connecting;
using Daybook.ZooKeeper.Sessions;
using Daybook.ZooKeeper.Telemetry;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper;

/// <summary>
/// A session with ZooKeeper. It lives over lost connections and changes of server until it expires, is refused or is closed; then every call
/// fails with <see cref="ZooKeeperError.SessionExpired"/> and a new client is needed: <see cref="SessionKeeper"/> opens it.
/// </summary>
/// <remarks>
/// Requests are sent and answered in the order of the calls. While no server is connected they wait. One whose answer was lost with its
/// connection fails with <see cref="ZooKeeperError.ConnectionLoss"/> and <see cref="ZooKeeperException.IsOutcomeUnknown"/>; nothing is retried
/// without your knowledge except what the server reports as not executed (<see cref="ZooKeeperError.Throttled"/>). Cancelling a call stops waiting
/// for it; a write may be carried out all the same. Reads are those of one server, which may lag; for a decision use a write.
/// </remarks>
public sealed partial class ZooKeeperClient : IAsyncDisposable
{
    private const int AnyVersion = -1;
    private readonly Session _session;
    private readonly ZooKeeperOptions _options;
    private readonly SemaphoreSlim _slots;
    private int _disposed;

    private ZooKeeperClient(ZooKeeperOptions options, ConnectString servers)
    {
        _options = options;
        _slots = new SemaphoreSlim(options.MaxOutstanding);
        _session = new Session(options, servers);
    }

    /// <summary>The session's id; 0 while it is read-only and was never anything else.</summary>
    public long SessionId => _session.Id;

    /// <summary>The session timeout that the server granted; all timers follow it.</summary>
    public TimeSpan NegotiatedTimeout => _session.Clock.Timeout;

    /// <summary>What the session is doing.</summary>
    public ZooKeeperState State => _session.States.Current;

    /// <summary>Cancelled when the session is over, whyever.</summary>
    public CancellationToken Ended => _session.States.Ended;

    /// <summary>
    /// True while the session surely lives, by the local monotonic clock: nine tenths of the negotiated timeout from when the last answered
    /// message was sent (invariant F4). False is no proof of the contrary.
    /// </summary>
    public bool IsSurelyAlive => State is ZooKeeperState.Connected or ZooKeeperState.Suspended && _session.Clock.IsSurelyAlive;

    /// <summary>The newest transaction the session has seen.</summary>
    public long LastZxid => _session.LastZxid;

    internal ZooKeeperOptions Options => _options;

    /// <summary>How many connections the session has had: distinguishes a connection from the one before when the state is the same.</summary>
    internal long Connections => _session.Connections;

    /// <summary>What the session is resumed with, elsewhere too.</summary>
    internal SessionIdentity Identity => _session.Identity;

    /// <summary>Opens a session with default options.</summary>
    /// <param name="connectString"><c>host1:2181,host2:2181/chroot</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ZooKeeperException">See <see cref="ConnectAsync(ZooKeeperOptions, CancellationToken)"/>.</exception>
    public static Task<ZooKeeperClient> ConnectAsync(string connectString, CancellationToken cancellationToken = default) =>
        ConnectAsync(new ZooKeeperOptions(connectString), cancellationToken);

    /// <summary>Opens a session.</summary>
    /// <exception cref="ZooKeeperException"><see cref="ZooKeeperError.BadArguments"/> for a bad option or connect string;
    /// <see cref="ZooKeeperError.ConnectionLoss"/> when no server answers in time; <see cref="ZooKeeperError.AuthFailed"/>;
    /// <see cref="ZooKeeperError.NoNode"/> when the chroot does not exist.</exception>
    public static async Task<ZooKeeperClient> ConnectAsync(ZooKeeperOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var servers = ConnectString.Parse(options.ConnectString);
        var client = new ZooKeeperClient(options, servers);
        try
        {
            await client._session.EstablishedAsync.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (servers.Chroot.Length > 0 && await client.ExistsAsync("/", cancellationToken).ConfigureAwait(false) is null)
                throw new ZooKeeperException(ZooKeeperError.NoNode, servers.Chroot,
                    $"The chroot '{servers.Chroot}' of '{options.ConnectString}' does not exist; create it first.");
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The present state and every later one; ends with the session.</summary>
    public IAsyncEnumerable<ZooKeeperState> StatesAsync(CancellationToken cancellationToken = default) => _session.States.FollowAsync(cancellationToken);

    /// <summary>Closes the session: its ephemeral nodes are deleted. Where the server cannot be reached within a second they go by expiry.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        if (State is ZooKeeperState.Connected or ZooKeeperState.ConnectedReadOnly)
            await SayGoodbyeAsync().ConfigureAwait(false);
        await _session.DisposeAsync().ConfigureAwait(false);
    }

    internal async Task<T> SendAsync<T>(Func<Request<T>> make, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        ZooKeeperTelemetry.Outstanding.Add(1);
        var started = _options.Time.GetTimestamp();
        try
        {
            for (var pause = TimeSpan.FromMilliseconds(10); ; pause *= 2)
            {
                try
                {
                    return await SendOnceAsync(make(), cancellationToken).ConfigureAwait(false);
                }
                catch (ZooKeeperException e) when (e.Error == ZooKeeperError.Throttled && pause < TimeSpan.FromSeconds(10))
                {
                    await Task.Delay(pause * (0.5 + _options.Random.NextDouble()), _options.Time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _slots.Release();
            ZooKeeperTelemetry.Outstanding.Add(-1);
            ZooKeeperTelemetry.RequestDuration.Record(_options.Time.GetElapsedTime(started).TotalSeconds);
        }
    }

    private async Task<T> SendOnceAsync<T>(Request<T> request, CancellationToken cancellationToken)
    {
        if (request.Body.Length + 8 > _options.MaxFrameBytes)
            throw ZooKeeperException.BadArgument(
                $"{request.Operation} of '{request.Path}' has {request.Body.Length + 8} bytes; the limit is {_options.MaxFrameBytes} (option MaxFrameBytes).",
                request.Path);
        using var activity = ZooKeeperTelemetry.Start(request.Operation, request.Path);
        _session.Requests.Add(request);
        try
        {
            if (!cancellationToken.CanBeCanceled)
                return await request.Task.ConfigureAwait(false);
            using var cancelling = cancellationToken.UnsafeRegister(
                static (state, token) => ((Request<T>)state!).Abandon(token), request);
            return await request.Task.ConfigureAwait(false);
        }
        catch (ZooKeeperException e)
        {
            activity?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, e.Error.ToString());
            throw;
        }
    }

    private async Task SayGoodbyeAsync()
    {
        var request = new Request<bool>(OpCode.CloseSession, null, default, static (ref JuteReader _) => true);
        _session.Leave();
        _session.Requests.Add(request);
        Task answered = request.Task.WaitAsync(TimeSpan.FromSeconds(1), _options.Time);
        await answered.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private string Server(string path) => _session.Servers.ToServer(path);

    private string Client(string path) => _session.Servers.ToClient(path) ?? path;
}
