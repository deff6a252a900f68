namespace Daybook.Embedded.Store.Log;

/// <summary>Carries operations from the queue to the writer, and ends the log when the writer cannot go on.</summary>
internal sealed class LogRunner(LogQueue queue, LogWriter writer, Action<Exception> stopped)
{
    private List<LogOperation> _operations = [];
    private bool _stopped;

    /// <summary>Where the log ends; null until it has ended cleanly.</summary>
    public LogEnd? EndedAt { get; private set; }

    /// <summary>Runs until the queue ends or the writer fails.</summary>
    public void Run()
    {
        while (RunOnce(wait: true))
        {
        }
    }

    /// <summary>Writes what is queued.</summary>
    /// <param name="wait">Whether to wait for something to be queued.</param>
    /// <returns>False when there will be nothing more.</returns>
    public bool RunOnce(bool wait)
    {
        if (_stopped)
            return false;
        try
        {
            if (queue.TryTake(ref _operations, wait))
            {
                writer.Write(_operations);
                _operations.Clear();
                return true;
            }
            _stopped = true;
            EndedAt = writer.Mark();
            return false;
        }
        catch (Exception failure)
        {
            // For any cause, what is on the device is unknown now (S3): nothing may be written before it is read again.
            Stop(failure);
            return false;
        }
    }

    private void Stop(Exception failure)
    {
        _stopped = true;
        queue.End(StoreErrors.Stopped(failure));
        var queued = new List<LogOperation>();
        queue.TryTake(ref queued, wait: false);
        foreach (var operation in _operations.Concat(queued))
            operation.TrySetException(StoreErrors.InDoubt(failure));
        stopped(failure);
    }
}
