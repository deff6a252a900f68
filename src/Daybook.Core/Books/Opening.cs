using Microsoft.Extensions.Logging;

namespace Daybook;

/// <summary>
/// Opens something outside of the process, and tries again for as long as that takes: a server may be down, a folder may be in use. Knows why
/// it is not open yet.
/// </summary>
/// <param name="what">What is opened, for messages.</param>
/// <param name="open">One attempt; leaves nothing open when it fails.</param>
/// <param name="readiness">Notes each failure.</param>
/// <param name="time">Drives the pauses between attempts.</param>
/// <param name="logger">Where the first failure of a kind is logged.</param>
internal sealed partial class Opening<T>(
    string what, Func<CancellationToken, ValueTask<T>> open, BookReadiness readiness, TimeProvider time, ILogger logger) : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    // A folder in use is looked at often, since that is how this process learns that the other one has gone.
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<T> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DaybookException> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile DaybookException _why = new(ErrorCode.Unavailable, $"The {what} is being opened.");
    private Task _running = Task.CompletedTask;

    /// <summary>Completes when it is open; fails with <see cref="ErrorCode.Closed"/> when it is disposed before.</summary>
    public Task<T> Opened => _opened.Task;

    /// <summary>Completes with the reason of the first attempt that failed.</summary>
    public Task<DaybookException> Refused => _refused.Task;

    /// <summary>Why it is not open; null when it is.</summary>
    public DaybookException? Why => _opened.Task.IsCompletedSuccessfully ? null : _why;

    /// <summary>What was opened; null while it is not.</summary>
    public T? Value => _opened.Task.IsCompletedSuccessfully ? _opened.Task.Result : null;

    public void Start() => _running = RunAsync(_stopping.Token);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
        if (Value is { } value)
            await value.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield(); // the caller waits for nothing outside of the process
        for (var pause = s_shortest; !await TryAsync(stopping).ConfigureAwait(false); pause = Longer(pause))
        {
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stopping.IsCancellationRequested)
                continue;
            _opened.TrySetException(new DaybookException(ErrorCode.Closed, $"The book was closed before the {what} could be opened."));
            _ = _opened.Task.Exception; // observed: often nothing waits for it any more
            return;
        }
    }

    private async ValueTask<bool> TryAsync(CancellationToken stopping)
    {
        try
        {
            _opened.TrySetResult(await open(stopping).ConfigureAwait(false));
            return true;
        }
        catch (Exception e)
        {
            if (!stopping.IsCancellationRequested)
                Failed(e as DaybookException ?? new DaybookException(ErrorCode.StoreFailed, $"The {what} could not be opened: {e.Message}", e));
            return false;
        }
    }

    private void Failed(DaybookException why)
    {
        if (!_refused.Task.IsCompleted || why.Code != _why.Code)
            LogNotOpened(what, why.Message);
        _why = why;
        _refused.TrySetResult(why);
        readiness.Note(why);
    }

    private TimeSpan Longer(TimeSpan pause) =>
        _why.Code == ErrorCode.AlreadyInUse || pause * 2 > s_longest ? (_why.Code == ErrorCode.AlreadyInUse ? s_shortest : s_longest) : pause * 2;

    [LoggerMessage(Level = LogLevel.Information, Message = "The {What} cannot be opened yet and is tried again: {Reason}")]
    private partial void LogNotOpened(string what, string reason);
}
