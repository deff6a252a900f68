namespace Daybook.Testing.Histories;

/// <summary>An operation that was invoked. If it is never completed, its outcome stays unknown.</summary>
/// <typeparam name="TCall">What was asked.</typeparam>
/// <typeparam name="TReturn">What will be answered.</typeparam>
public readonly record struct PendingOperation<TCall, TReturn>
{
    private readonly HistoryRecorder<TCall, TReturn> _recorder;
    private readonly int _index;

    internal PendingOperation(HistoryRecorder<TCall, TReturn> recorder, int index) => (_recorder, _index) = (recorder, index);

    /// <summary>Notes the completion; call it after the answer arrived. An unknown outcome leaves the operation open.</summary>
    /// <exception cref="InvalidOperationException">It was completed before.</exception>
    public void Complete(Observed<TReturn> seen) => _recorder.Complete(_index, seen);

    /// <summary>It took effect and answered.</summary>
    public void Ok(TReturn answer) => Complete(Observed.Ok(answer));

    /// <summary>It did not happen and never will.</summary>
    public void Fail() => Complete(Observed.Fail<TReturn>());
}
