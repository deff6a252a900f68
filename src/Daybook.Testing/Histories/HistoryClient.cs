namespace Daybook.Testing.Histories;

/// <summary>One sequential client of a system under test. Not for concurrent use: one client for each concurrent caller.</summary>
/// <typeparam name="TCall">What is asked.</typeparam>
/// <typeparam name="TReturn">What is answered.</typeparam>
public sealed class HistoryClient<TCall, TReturn>
{
    private readonly HistoryRecorder<TCall, TReturn> _recorder;

    internal HistoryClient(HistoryRecorder<TCall, TReturn> recorder) => (_recorder, Process) = (recorder, recorder.NewProcess());

    /// <summary>The process that the next call is recorded under.</summary>
    public ProcessId Process { get; private set; }

    /// <summary>
    /// Records <paramref name="call"/>, does it, records how it ended. An exception counts as an unknown outcome and is thrown on;
    /// turn those that prove that nothing happened into <see cref="Completion.Fail"/> inside <paramref name="send"/>.
    /// </summary>
    public async Task<Observed<TReturn>> RunAsync(
        TCall call, Func<TCall, CancellationToken, Task<Observed<TReturn>>> send, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(send);
        var seen = default(Observed<TReturn>);
        var pending = _recorder.Invoke(Process, call);
        try
        {
            seen = await send(call, cancellationToken).ConfigureAwait(false);
            return seen;
        }
        finally
        {
            pending.Complete(seen);
            if (seen.Completion == Completion.Info) Process = _recorder.NewProcess();
        }
    }
}
