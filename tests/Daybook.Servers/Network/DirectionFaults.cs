namespace Daybook.Servers.Network;

/// <summary>What goes wrong with the bytes that go one way.</summary>
internal sealed class DirectionFaults
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _open = Opened();
    private long? _budget;
    private long _delayTicks;
    private long _bytes;

    /// <summary>How many bytes were passed on.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How long each run of bytes is on its way, in addition.</summary>
    internal TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Completes when bytes are let through.</summary>
    internal Task Open
    {
        get
        {
            lock (_gate)
                return _open.Task;
        }
    }

    internal void Hold()
    {
        lock (_gate)
            _open = _open.Task.IsCompleted ? new(TaskCreationOptions.RunContinuationsAsynchronously) : _open;
    }

    internal void Release()
    {
        lock (_gate)
            _open.TrySetResult();
    }

    internal void DropAfter(long bytes)
    {
        lock (_gate)
            _budget = bytes;
    }

    /// <summary>How many of the bytes may pass, and whether the connection is cut after them, which is reported only once.</summary>
    internal (int Bytes, bool IsCut) Allow(int bytes)
    {
        lock (_gate)
        {
            if (_budget is not { } left)
                return (bytes, false);
            var isCut = left <= bytes;
            _budget = isCut ? null : left - bytes;
            return ((int)Math.Min(left, bytes), isCut);
        }
    }

    internal void Count(int bytes) => Interlocked.Add(ref _bytes, bytes);

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        opened.SetResult();
        return opened;
    }
}
