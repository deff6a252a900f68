using System.Threading.Tasks.Sources;

namespace Daybook.Core.Partitions.Work;

/// <summary>A client's request and the promise of its answer, in one object. Answered once; later answers are dropped.</summary>
internal abstract class ClientWork<TResult> : GateWaiter, IValueTaskSource<TResult>
{
    private ManualResetValueTaskSourceCore<TResult> _core = new() { RunContinuationsAsynchronously = true };
    private int _answered;

    public ValueTask<TResult> Task => new(this, _core.Version);

    public void Answer(TResult result)
    {
        if (Interlocked.Exchange(ref _answered, 1) == 0)
            _core.SetResult(result);
    }

    public void Fail(Exception error)
    {
        if (Interlocked.Exchange(ref _answered, 1) == 0)
            _core.SetException(error);
    }

    public override void Refuse(DaybookException why) => Fail(why);

    TResult IValueTaskSource<TResult>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<TResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
