using System.Diagnostics;

namespace Daybook.Servers;

/// <summary>Polling for an effect of another process that sends no notification.</summary>
public static class Wait
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks again and again until the answer is true.</summary>
    /// <param name="condition">What is waited for; it must not throw.</param>
    /// <param name="what">What is waited for, in words, for the error.</param>
    /// <param name="atMost">How long at most; a minute by default.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public static async Task UntilAsync(
        Func<Task<bool>> condition, string what, TimeSpan? atMost = null, CancellationToken cancellationToken = default)
    {
        var limit = atMost ?? TimeSpan.FromMinutes(1);
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
                throw new TimeoutException($"Timed out after {limit.TotalSeconds} s while waiting until {what}.");
            await Task.Delay(s_interval, cancellationToken);
        }
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, string, TimeSpan?, CancellationToken)"/>
    public static Task UntilAsync(Func<bool> condition, string what, TimeSpan? atMost = null, CancellationToken cancellationToken = default) =>
        UntilAsync(() => Task.FromResult(condition()), what, atMost, cancellationToken);
}
