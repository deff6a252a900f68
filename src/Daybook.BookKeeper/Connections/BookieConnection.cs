using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;
using Daybook.BookKeeper.Telemetry;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>What became of a request that was handed to a connection.</summary>
internal enum SendOutcome
{
    /// <summary>It will be answered.</summary>
    Taken,

    /// <summary>Too much waits for this bookie.</summary>
    Congested,

    /// <summary>Its answer could not be distinguished from that to another request.</summary>
    Ambiguous,

    /// <summary>The connection is over.</summary>
    Over,
}

/// <summary>
/// One connection to one bookie, from the attempt to open it to its end. Requests are written to a buffer under a short lock, also before the connection
/// is up; one loop sends what has gathered, another one reads answers. When it ends, all that waits fails.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Neither the semaphore nor the source has a wait handle or a timer, and requests may race with the end.")]
internal sealed class BookieConnection
{
    /// <summary>More requests than this without even a late answer end the connection.</summary>
    private const int MostExpired = 65_536;

    private readonly Lock _lock = new();
    private readonly OutputBuffer _output = new();
    private readonly PendingRequests _pending = new();
    private readonly SemaphoreSlim _gathered = new(0);
    private readonly CancellationTokenSource _end = new();
    private readonly BookieId _bookie;
    private readonly IDialect _dialect;
    private readonly ConnectionContext _context;
    private readonly Action<BookieConnection> _over;
    private readonly ITimer _sweep;
    private readonly List<PendingRequest> _expired = [];
    private bool _isSenderIdle;
    private bool _isOver;
    private long _heard;

    /// <param name="bookie">Whose connection it is.</param>
    /// <param name="dialect">What is spoken; for this connection alone.</param>
    /// <param name="context">What connections share.</param>
    /// <param name="over">Called once, before what waits fails, and from no call of <see cref="TrySend"/>.</param>
    public BookieConnection(BookieId bookie, IDialect dialect, ConnectionContext context, Action<BookieConnection> over)
    {
        (_bookie, _dialect, _context, _over) = (bookie, dialect, context, over);
        _heard = context.Time.GetTimestamp();
        var least = TimeSpan.FromTicks(Math.Min(context.Options.AddTimeout.Ticks, context.Options.ReadTimeout.Ticks));
        var period = TimeSpan.FromMilliseconds(Math.Clamp(least.TotalMilliseconds / 10, 5, 500));
        _sweep = context.Time.CreateTimer(static connection => ((BookieConnection)connection!).Sweep(), this, period, period);
    }

    /// <summary>True once the bookie answered as it should, and nothing else since.</summary>
    public bool IsSound { get; private set; }

    /// <summary>What waits.</summary>
    public (long Requests, long Bytes) Pending
    {
        get
        {
            lock (_lock)
                return (_pending.Count, Math.Max(_pending.Bytes, _output.Unsent));
        }
    }

    /// <summary>Hands a request over. Its bytes are copied.</summary>
    public SendOutcome TrySend(in Outgoing request)
    {
        var isIdle = false;
        lock (_lock)
        {
            if (_isOver)
                return SendOutcome.Over;
            // What is sent waits for its answer; what was cancelled may still wait to be sent.
            if (Math.Max(_pending.Bytes, _output.Unsent) + request.Pending.Bytes > _context.Options.MaxPendingBytesPerBookie)
                return SendOutcome.Congested;
            var key = _dialect.KeyOf(request);
            if (_pending.Contains(key))
                return SendOutcome.Ambiguous;
            _dialect.Write(_output, key, request);
            var now = _context.Time.GetTimestamp();
            _pending.Add(key, request.Pending with { Sent = now, Deadline = now + _context.Timestamps(request.Timeout) });
            (isIdle, _isSenderIdle) = (_isSenderIdle, false);
        }
        if (isIdle)
            _gathered.Release();
        return SendOutcome.Taken;
    }

    /// <summary>Opens the connection and serves it until it ends; never fails.</summary>
    public async Task RunAsync(string host, int port)
    {
        try
        {
            using var stream = await OpenAsync(host, port).ConfigureAwait(false);
            BookieLog.Connected(_context.Log, _bookie, host, port);
            var sending = GuardAsync(SendAllAsync(stream));
            await GuardAsync(ReceiveAllAsync(stream)).ConfigureAwait(false);
            await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (IsEndOfConnection(e))
        {
            End(e);
        }
        finally
        {
            End(new IOException("it was closed"));
        }
    }

    /// <summary>Ends the connection; nothing is sent any more, and what waits fails.</summary>
    public void End(Exception reason)
    {
        List<PendingRequest> pending;
        lock (_lock)
        {
            if (_isOver)
                return;
            _isOver = true;
            pending = _pending.TakeAll();
        }
        var isMalformed = reason is MalformedFrameException;
        IsSound &= !isMalformed;
        _sweep.Dispose();
        _end.Cancel();
        _over(this);
        Log(reason, pending.Count);
        foreach (var request in pending)
            _context.Fail(_bookie, request, isMalformed ? BookieStatus.Malformed : BookieStatus.Unreachable);
    }

    private async Task<Stream> OpenAsync(string host, int port)
    {
        using var late = new CancellationTokenSource(_context.Options.ConnectTimeout, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _end.Token);
        try
        {
            return await Transport.OpenAsync(host, port, _context.Options, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested)
        {
            throw new IOException($"no connection to {host}:{port} within {_context.Options.ConnectTimeout}", e);
        }
        catch (ArgumentException e)
        {
            throw new IOException($"{host}:{port} is no address", e);
        }
    }

    /// <summary>Whichever loop ends first ends the connection, and with it the other loop.</summary>
    private async Task GuardAsync(Task loop)
    {
        try
        {
            await loop.ConfigureAwait(false);
        }
        catch (Exception e) when (IsEndOfConnection(e))
        {
            End(e);
        }
    }

    private async Task SendAllAsync(Stream stream)
    {
        while (true)
        {
            if (TakeOutput() is not { } batch)
            {
                await _gathered.WaitAsync(_end.Token).ConfigureAwait(false);
                continue;
            }
            foreach (var chunk in batch)
                await stream.WriteAsync(chunk, _end.Token).ConfigureAwait(false);
            lock (_lock)
                _output.Sent();
        }
    }

    private IReadOnlyList<ArraySegment<byte>>? TakeOutput()
    {
        lock (_lock)
        {
            var batch = _output.Take();
            _isSenderIdle = batch is null;
            return batch;
        }
    }

    private async Task ReceiveAllAsync(Stream stream)
    {
        var receiver = new FrameReceiver(stream, _context.Options.MaxFrameBytes);
        var received = new ReceivedAnswers(_bookie, _context);
        while (true)
        {
            await receiver.ReceiveAsync(_end.Token).ConfigureAwait(false);
            received.Decode(receiver, _dialect);
            lock (_lock)
                received.Match(_pending);
            if (received.Any)
                (_heard, IsSound) = (_context.Time.GetTimestamp(), true);
            received.HandOver();
        }
    }

    private void Sweep()
    {
        int withoutAnswer;
        var now = _context.Time.GetTimestamp();
        // Timers may overlap when the machine is slow; the list is for one of them.
        lock (_expired)
        {
            lock (_lock)
            {
                _pending.Expire(now, _expired);
                withoutAnswer = _pending.Expired;
            }
            foreach (var request in _expired)
                _context.Fail(_bookie, request, BookieStatus.TimedOut);
            if (withoutAnswer > MostExpired || (_expired.Count > 0 && now - Volatile.Read(ref _heard) > _context.Timestamps(LongestSilence)))
                End(new IOException($"{withoutAnswer} requests have no answer"));
            _expired.Clear();
        }
    }

    /// <summary>A connection on which requests run out of time while nothing at all comes is taken for broken: half of it may be gone.</summary>
    private TimeSpan LongestSilence => 2 * (_context.Options.AddTimeout > _context.Options.ReadTimeout ? _context.Options.AddTimeout : _context.Options.ReadTimeout);

    private void Log(Exception reason, int pending)
    {
        if (reason is MalformedFrameException)
            BookieLog.Malformed(_context.Log, _bookie, pending, reason.Message);
        else if (!_context.Closing.IsCancellationRequested)
            BookieLog.Lost(_context.Log, _bookie, pending, reason.Message);
    }

    private static bool IsEndOfConnection(Exception e) =>
        e is IOException or System.Net.Sockets.SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException
            or MalformedFrameException;
}
