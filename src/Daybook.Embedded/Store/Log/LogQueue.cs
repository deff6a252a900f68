namespace Daybook.Embedded.Store.Log;

/// <summary>
/// Where operations get their place in the order of the log. The caller that adds one holds <see cref="Gate"/>, so that what it checks and
/// what it numbers agree with that order.
/// </summary>
internal sealed class LogQueue : IDisposable
{
    /// <summary>About 10 to 20 µs: a writer that has just finished a flush often gets the next append within that.</summary>
    private const int SpinsBeforeSleep = 35;

    private readonly SemaphoreSlim _wake = new(0, 1);
    private List<LogOperation> _operations = [];
    private volatile bool _sleeping;
    private volatile bool _any;
    private volatile bool _ended;

    public Lock Gate { get; } = new();

    /// <summary>Why nothing more is accepted; null while the log is running. Guarded by the gate.</summary>
    public DaybookException? Refusal { get; private set; }

    /// <summary>Call with the gate held, and <see cref="Wake"/> after letting go of it.</summary>
    public void Add(LogOperation operation)
    {
        _operations.Add(operation);
        _any = true;
    }

    public void Wake()
    {
        // Pairs with the barrier in Sleep: of "added" and "sleeping" at least one side sees the other's.
        Interlocked.MemoryBarrier();
        if (!_sleeping)
            return;
        lock (_wake)
            if (_sleeping)
            {
                _sleeping = false;
                _wake.Release();
            }
    }

    /// <summary>Accepts nothing more; what is queued is still to be written.</summary>
    public void End(DaybookException refusal)
    {
        lock (Gate)
            Refusal ??= refusal;
        _ended = true;
        Wake();
    }

    /// <summary>Swaps what is queued against an empty list; waits for something if <paramref name="wait"/>.</summary>
    /// <returns>False when the queue has ended and is empty.</returns>
    public bool TryTake(ref List<LogOperation> operations, bool wait)
    {
        if (wait)
            WaitForAny();
        lock (Gate)
        {
            (operations, _operations) = (_operations, operations);
            _any = false;
        }
        return operations.Count > 0 || !_ended;
    }

    public void Dispose() => _wake.Dispose();

    private void WaitForAny()
    {
        var spinner = new SpinWait();
        while (!_any && !_ended)
        {
            if (spinner.Count < SpinsBeforeSleep)
            {
                spinner.SpinOnce(sleep1Threshold: -1);
                continue;
            }
            Sleep();
        }
    }

    private void Sleep()
    {
        _sleeping = true;
        Interlocked.MemoryBarrier();
        if (!_any && !_ended)
        {
            _wake.Wait();
            return;
        }
        lock (_wake)
            if (_sleeping)
                _sleeping = false;
            else
                _wake.Wait();
    }
}
