namespace Daybook.Postgres;

/// <summary>
/// The token that Npgsql gets in place of a caller's. Npgsql may throw from the callback that cancels a command whose connection was cut;
/// out of the timer of a <see cref="CancellationTokenSource"/> that would end the process, and out of its <c>Cancel</c> it would reach code
/// that has no part in it.
/// </summary>
internal sealed class GuardedToken : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationToken _caller;
    private readonly CancellationTokenRegistration _registration;

    internal GuardedToken(CancellationToken caller)
    {
        _caller = caller;
        _registration = caller.UnsafeRegister(static guard => ((GuardedToken)guard!).Cancel(), this);
    }

    internal CancellationToken Token => _source.Token;

    /// <summary>Cancels as the caller's token does, and never throws.</summary>
    internal void Cancel()
    {
        try
        {
            _source.Cancel();
        }
        catch (Exception error) when (error is AggregateException or ObjectDisposedException)
        {
            // The connection is gone, and what used it ends by itself; or this was disposed of meanwhile.
        }
    }

    /// <summary>The cancellation that the caller waits for, in place of how a connection ended by it; null for other errors.</summary>
    internal OperationCanceledException? Meaning(Exception error) =>
        _caller.IsCancellationRequested && error is OperationCanceledException or DaybookException { Code: ErrorCode.Unavailable }
            ? new OperationCanceledException(error.Message, error, _caller)
            : null;

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
