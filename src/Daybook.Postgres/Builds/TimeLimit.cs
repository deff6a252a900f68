namespace Daybook.Postgres.Builds;

/// <summary>
/// A token that is cancelled after a timeout. Npgsql may throw from the callback that cancels a command whose connection was cut. Thrown from the timer of a
/// <see cref="CancellationTokenSource"/>, that exception would end the process.
/// </summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;

    internal TimeLimit(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = time.CreateTimer(static s => Cancel((CancellationTokenSource)s!), _source, limit, Timeout.InfiniteTimeSpan);
    }

    internal CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (Exception error) when (error is AggregateException or ObjectDisposedException)
        {
            // The connection is gone, so the command that used it ends anyway; or the limit was disposed meanwhile.
        }
    }
}
