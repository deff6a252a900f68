namespace Daybook;

/// <summary>Why a book that was started is not ready: the first reason of all, and the first one that waiting does not cure.</summary>
internal sealed class BookReadiness
{
    private readonly TaskCompletionSource<DaybookException> _standingBy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DaybookException> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the first reason to wait.</summary>
    public Task<DaybookException> StandingBy => _standingBy.Task;

    /// <summary>Completes with the first reason that waiting does not cure: a wrong option, a damaged or newer store.</summary>
    public Task<DaybookException> Failed => _failed.Task;

    public void Note(DaybookException why)
    {
        if (!why.IsTransient && why.Code is not ErrorCode.AlreadyInUse)
            _failed.TrySetResult(why);
        _standingBy.TrySetResult(why);
    }
}
