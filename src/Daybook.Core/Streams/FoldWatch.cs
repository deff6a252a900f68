using Daybook.Core.Partitions.Work;

namespace Daybook.Core.Streams;

/// <summary>
/// Ends the wait for a fold of stored events whose user code does not return (invariant J7). The thread is left behind, and finds out about
/// it should the code ever return. One watch serves one fold.
/// </summary>
internal sealed class FoldWatch
{
    private readonly HandlerWatch _watch;
    private readonly TimeSpan _limit;
    private readonly TaskCompletionSource<object?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private object? _at;

    private FoldWatch(TimeProvider time, TimeSpan limit) => (_watch, _limit) = (new HandlerWatch(time), limit);

    /// <summary>Folds on a thread of the pool, and waits until that ends or its user code has run for too long.</summary>
    /// <param name="time">Measures how long user code runs.</param>
    /// <param name="limit">How long each piece of it may.</param>
    /// <param name="fold">Marks its user code by <see cref="Enter"/> and <see cref="Leave"/>.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.HandlerFailed"/>: user code did not return; the message names the event or
    /// stream. And what the fold throws.</exception>
    public static async Task<object?> RunAsync(TimeProvider time, TimeSpan limit, Func<FoldWatch, ValueTask<object?>> fold)
    {
        var watch = new FoldWatch(time, limit);
        var timer = time.CreateTimer(_ => watch.EndIfStuck(), null, limit / 4, limit / 4);
        await using var disposing = timer.ConfigureAwait(false);
        _ = watch.RunAsync(fold);
        return await watch._end.Task.ConfigureAwait(false);
    }

    /// <summary>User code begins.</summary>
    /// <param name="at">The <see cref="RecordedEvent"/> that it is called for, or the name of the stream whose stored state it
    /// reads.</param>
    public void Enter(object at)
    {
        _at = at;
        _watch.Enter(null);
    }

    /// <summary>User code returned or threw.</summary>
    /// <exception cref="OwnershipLostException">Nobody waits for it any more.</exception>
    public void Leave() => _watch.Leave();

    private async Task RunAsync(Func<FoldWatch, ValueTask<object?>> fold)
    {
        await Task.Yield(); // the caller may be the owner's thread, which must not wait for user code that nothing watches
        try
        {
            _end.TrySetResult(await fold(this).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            _end.TrySetException(e);
        }
    }

    private void EndIfStuck()
    {
        if (!_watch.TakeIfStuck(_limit, out _))
            return;
        var what = _at is RecordedEvent e ? $"Event {e.Version} ('{e.Type}') of stream '{e.Stream}' cannot be folded" : $"The stored state of stream '{_at}' cannot be read";
        _end.TrySetException(new DaybookException(ErrorCode.HandlerFailed,
            $"{what}: its code, or the serializer, did not return within {_limit.TotalSeconds} s (option HandlerTimeout)."));
    }
}
