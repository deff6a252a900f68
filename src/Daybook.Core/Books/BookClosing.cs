using System.Diagnostics.CodeAnalysis;

namespace Daybook;

/// <summary>Ends every wait when its caller cancels it or the book is closed; the second is reported as <see cref="ErrorCode.Closed"/>.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer, and requests may still look at it after the book was closed.")]
internal sealed class BookClosing
{
    private readonly CancellationTokenSource _closing = new();

    public bool HasBegun => _closing.IsCancellationRequested;

    public void Begin() => _closing.Cancel();

    /// <summary>A token that either cancels.</summary>
    public CancellationTokenSource Link(CancellationToken caller) => CancellationTokenSource.CreateLinkedTokenSource(caller, _closing.Token);

    /// <summary>Waits for no longer than the caller and the book do, even where a store pays no attention to its token.</summary>
    public async ValueTask<TResult> EndsAsync<TArgument, TResult>(
        Func<TArgument, CancellationToken, ValueTask<TResult>> wait, TArgument argument, CancellationToken caller)
    {
        caller.ThrowIfCancellationRequested();
        using var either = Link(caller);
        try
        {
            return await wait(argument, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (either.IsCancellationRequested)
        {
            throw Meaning(e, caller);
        }
    }

    /// <summary>What the end of a wait means to its caller.</summary>
    public static Exception Meaning(OperationCanceledException ended, CancellationToken caller) => caller.IsCancellationRequested
        ? new OperationCanceledException(ended.Message, ended, caller)
        : Error("The read was ended: the book was closed.", ended);

    /// <summary>For requests that come too late.</summary>
    public static DaybookException Error(string message = "The book was closed; nothing was written. Open it again.", Exception? cause = null) =>
        new(ErrorCode.Closed, message, cause);
}
