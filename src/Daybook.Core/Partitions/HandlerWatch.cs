using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Partitions;

/// <summary>
/// Lets a partition go on without a handler that does not return (must-hold J7). While user code runs, the owner's thread holds the watch;
/// whoever takes it away meanwhile has the machine to itself, and the thread, should it ever come back, finds that out before it touches
/// anything.
/// </summary>
internal sealed class HandlerWatch(TimeProvider time, TimeSpan limit)
{
    private const int Outside = 0;
    private const int Inside = 1;
    private const int TakenAway = 2;
    private int _state;
    private long _entered;
    private WriteWork? _work;

    /// <summary>User code begins.</summary>
    public void Enter(WriteWork work)
    {
        _work = work;
        Volatile.Write(ref _entered, time.GetTimestamp());
        Volatile.Write(ref _state, Inside);
    }

    /// <summary>User code returned or threw.</summary>
    /// <exception cref="OwnershipLostException">It took too long; the machine belongs to somebody else.</exception>
    public void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Outside, Inside) != Inside)
            throw new OwnershipLostException();
    }

    /// <summary>Takes the machine away from a thread that has been in user code for too long.</summary>
    /// <returns>The work it is stuck in; null when nothing is stuck.</returns>
    public WriteWork? TakeIfStuck()
    {
        if (Volatile.Read(ref _state) != Inside || time.GetElapsedTime(Volatile.Read(ref _entered)) < limit)
            return null;
        return Interlocked.CompareExchange(ref _state, TakenAway, Inside) == Inside ? _work : null;
    }
}

/// <summary>Unwinds a thread whose machine was taken away.</summary>
internal sealed class OwnershipLostException : Exception;
