using System.Threading.Tasks.Sources;

namespace Daybook.Core.Partitions.Work;

/// <summary>A client's request and the promise of its answer, in one object. Answered once; later answers are dropped.</summary>
internal abstract class ClientWork<TResult> : LockWaiter, IValueTaskSource<TResult>
{
    private ManualResetValueTaskSourceCore<TResult> _core = new() { RunContinuationsAsynchronously = true };
    private int _answered;
    private AdmissionLimit? _admission;

    public ValueTask<TResult> Task => new(this, _core.Version);

    /// <summary>Waits for the answer. A caller that stops waiting leaves the request where it is: it counts as under way until it is
    /// answered.</summary>
    public ValueTask<TResult> AnswerAsync(CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? new(Task.AsTask().WaitAsync(cancellationToken)) : Task;

    /// <summary>Counts as under way from now until it is answered.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Overloaded"/>.</exception>
    public void Enter(AdmissionLimit admission)
    {
        admission.Enter();
        _admission = admission;
    }

    public void Answer(TResult result)
    {
        if (!TryConclude())
            return;
        _core.SetResult(result);
    }

    /// <summary>Answers, and runs what the client does next on this thread. For a thread that has nothing else to do (<see cref="AnswerRun"/>).</summary>
    public void AnswerHere(TResult result)
    {
        if (!TryConclude())
            return;
        _core.RunContinuationsAsynchronously = false;
        _core.SetResult(result);
    }

    public void Fail(Exception error)
    {
        if (!TryConclude())
            return;
        _core.SetException(error);
    }

    public override void Refuse(DaybookException why) => Fail(why);

    private bool TryConclude()
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0)
            return false;
        _admission?.Leave();
        return true;
    }

    TResult IValueTaskSource<TResult>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<TResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
