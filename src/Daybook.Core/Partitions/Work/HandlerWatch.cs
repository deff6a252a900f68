namespace Daybook.Core.Partitions.Work;

/// <summary>
/// Lets a partition go on without a handler that does not return (invariant J7). While user code runs, the owner's thread holds the watch;
/// code that takes it away meanwhile has the machine to itself, and the thread, should it ever come back, finds that out before it touches
/// anything. The watcher reads the clock, not every command.
/// </summary>
internal sealed class HandlerWatch(TimeProvider time)
{
    private const long TakenAway = -1;

    /// <summary>How often user code was entered and left: odd inside.</summary>
    private long _state;
    private long _seen;
    private long _seenAt;
    private WriteWork? _work;

    /// <summary>User code begins: a handler, a fold or a serializer.</summary>
    /// <param name="work">The command that it runs for; null when it runs for none.</param>
    public void Enter(WriteWork? work)
    {
        _work = work;
        Volatile.Write(ref _state, _state + 1);
    }

    /// <summary>User code returned or threw.</summary>
    /// <exception cref="OwnershipLostException">It took too long; the machine belongs to somebody else.</exception>
    public void Leave()
    {
        var inside = _state;
        if (inside == TakenAway || Interlocked.CompareExchange(ref _state, inside + 1, inside) != inside)
            throw new OwnershipLostException();
    }

    /// <summary>
    /// Takes the machine away from a thread that has been in the same user code since an earlier call that lies at least the limit back.
    /// </summary>
    /// <param name="limit">How long user code may take; zero takes the machine from any.</param>
    /// <param name="work">The command it is stuck in; null when user code runs for none.</param>
    /// <returns>False when nothing is stuck.</returns>
    public bool TakeIfStuck(TimeSpan limit, out WriteWork? work)
    {
        work = null;
        var state = Volatile.Read(ref _state);
        if (state == TakenAway || state % 2 == 0)
            return false;
        if (state != _seen)
            (_seen, _seenAt) = (state, time.GetTimestamp());
        if (time.GetElapsedTime(_seenAt) < limit || Interlocked.CompareExchange(ref _state, TakenAway, state) != state)
            return false;
        work = _work;
        return true;
    }
}

/// <summary>Unwinds a thread whose machine was taken away.</summary>
internal sealed class OwnershipLostException : Exception;
