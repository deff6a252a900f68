namespace Daybook.Projections;

/// <summary>The waits for a projection to pass an offset. Safe for many threads.</summary>
internal sealed class CheckpointWaiters
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private JournalOffset _passed;
    private DaybookException? _halted;

    /// <summary>Completes when the record at the offset has been applied; fails when it cannot be for now.</summary>
    internal Task WaitAsync(JournalOffset offset, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (offset < _passed)
                return Task.CompletedTask;
            if (_halted is not null)
                return Task.FromException(_halted);
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiter, offset.Value);
            return waiter.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Completes every wait for an offset before the checkpoint.</summary>
    internal void Pass(JournalOffset checkpoint)
    {
        lock (_lock)
        {
            (_passed, _halted) = (checkpoint, null);
            while (_waiting.TryPeek(out var waiter, out var offset) && offset < checkpoint.Value)
            {
                _waiting.Dequeue();
                waiter.TrySetResult();
            }
        }
    }

    /// <summary>Fails every wait, and later ones, until the next <see cref="Pass"/>.</summary>
    internal void Halt(DaybookException error)
    {
        lock (_lock)
        {
            _halted = error;
            while (_waiting.TryDequeue(out var waiter, out _))
            {
                waiter.TrySetException(error);
                _ = waiter.Task.Exception; // observed: the waiter may have been cancelled and gone
            }
        }
    }
}
