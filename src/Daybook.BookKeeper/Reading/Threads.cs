namespace Daybook.BookKeeper.Reading;

/// <summary>Keeps users' code off the threads that read connections.</summary>
internal static class Threads
{
    /// <summary>The result of work that completes on such a thread; code that awaits it continues on another one.</summary>
    public static async ValueTask<T> ComeBackFrom<T>(Task<T> work, CancellationToken cancellationToken)
    {
        if (!work.IsCompleted)
        {
            await ((Task)work).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (!work.IsCompleted)
                cancellationToken.ThrowIfCancellationRequested();
        }
        return await work.ConfigureAwait(false);
    }
}
