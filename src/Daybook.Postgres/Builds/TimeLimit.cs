namespace Daybook.Postgres.Builds;

/// <summary>A token for Npgsql that is cancelled after a while.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly GuardedToken _guard;
    private readonly ITimer _timer;

    internal TimeLimit(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _guard = new GuardedToken(cancellationToken);
        _timer = time.CreateTimer(static guard => ((GuardedToken)guard!).Cancel(), _guard, limit, Timeout.InfiniteTimeSpan);
    }

    internal CancellationToken Token => _guard.Token;

    public void Dispose()
    {
        _timer.Dispose();
        _guard.Dispose();
    }
}
