namespace Daybook;

/// <summary>Bounds the requests under way: beyond the limit they are refused immediately instead of piling up. Lets them end before the book does.</summary>
internal sealed class AdmissionLimit(int limit)
{
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private volatile bool _closed;

    /// <exception cref="DaybookException"><see cref="ErrorCode.Overloaded"/>, or <see cref="ErrorCode.Closed"/>.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref _inside) <= limit && !_closed)
            return;
        Leave();
        throw _closed
            ? new DaybookException(ErrorCode.Closed, "The book is being closed; nothing was written.")
            : new DaybookException(ErrorCode.Overloaded,
                $"More than {limit} requests are under way (option {nameof(DaybookOptions.MaxRequestsInFlight)}); nothing was written.");
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _inside) == 0 && _closed)
            _empty.TrySetResult();
    }

    /// <summary>Refuses further requests and waits for those under way, for so long at most by the system's clock: the end of a book depends on no other.</summary>
    public async Task DrainAsync(TimeSpan atMost)
    {
        _closed = true;
        Interlocked.MemoryBarrier(); // a request that leaves after this look sees that it is closed
        if (Volatile.Read(ref _inside) > 0)
            await _empty.Task.WaitAsync(atMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
