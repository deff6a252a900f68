using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>
/// Connections to one bookie that speak one protocol, one after the other: opened on use, opened again on use after the last one ended. When one ended
/// without a sound answer, a pause follows in which requests fail immediately, so that a dead bookie costs little.
/// </summary>
internal sealed class BookieLink(BookieId bookie, Func<IDialect> dialects, IBookieDirectory directory, ConnectionContext context) : IAsyncDisposable
{
    private static readonly TimeSpan s_leastPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private BookieConnection? _current;
    private Task _running = Task.CompletedTask;
    private int _failures;
    private bool _wasOpened;
    private long _notBefore = long.MinValue;

    /// <summary>What waits.</summary>
    public (long Requests, long Bytes) Pending => Volatile.Read(ref _current)?.Pending ?? default;

    /// <summary>Hands a request over, or fails it later.</summary>
    /// <returns>False, and nothing done, when the answer to it could not be distinguished from that to another one.</returns>
    public bool Send(in Outgoing request)
    {
        while ((Volatile.Read(ref _current) ?? Open()) is { } connection)
        {
            switch (connection.TrySend(request))
            {
                case SendOutcome.Taken:
                    return true;
                case SendOutcome.Ambiguous:
                    return false;
                case SendOutcome.Congested:
                    context.FailLater(bookie, request.Pending, BookieStatus.Congested);
                    return true;
                default:
                    Forget(connection);
                    break;
            }
        }
        context.FailLater(bookie, request.Pending, BookieStatus.Unreachable);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Read(ref _current)?.End(new IOException("the client is closed"));
        Task running;
        lock (_lock)
            running = _running;
        await running.ConfigureAwait(false);
    }

    private BookieConnection? Open()
    {
        lock (_lock)
        {
            if (_current is not null)
                return _current;
            if (context.Closing.IsCancellationRequested || context.Time.GetTimestamp() < _notBefore || directory.AddressOf(bookie) is not var (host, port))
                return null;
            if (_wasOpened)
                context.Telemetry.Reconnected();
            _wasOpened = true;
            var connection = new BookieConnection(bookie, dialects(), context, Forget);
            // Off this thread: nothing may be answered within the call that asks.
            _running = Task.Run(() => connection.RunAsync(host, port));
            Volatile.Write(ref _current, connection);
            return connection;
        }
    }

    private void Forget(BookieConnection connection)
    {
        lock (_lock)
        {
            if (_current != connection)
                return;
            _current = null;
            _failures = connection.IsSound ? 0 : Math.Min(_failures + 1, 10);
            if (_failures > 0)
                _notBefore = context.Time.GetTimestamp() + context.Timestamps(Pause(_failures));
        }
    }

    /// <summary>Doubles up to a bound; half of it is chance, so that clients do not come back in step.</summary>
    private TimeSpan Pause(int failures)
    {
        var most = Math.Min(s_leastPause.TotalMilliseconds * (1 << (failures - 1)), s_longestPause.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(most * (1 + context.Options.Random.NextDouble()) / 2);
    }
}
