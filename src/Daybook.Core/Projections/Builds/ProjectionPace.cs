using System.Diagnostics.CodeAnalysis;

namespace Daybook.Projections;

/// <summary>
/// Keeps work in the background from hindering other work: one piece at a time, and after each a pause, so that over time no more than a
/// share of one processor's time is spent. Safe for many threads.
/// </summary>
/// <param name="share">The share of the time that is spent working; more than 0, at most 1.</param>
/// <param name="time">Measures the work and drives the pauses.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without wait handle has nothing to dispose of.")]
public sealed class ProjectionPace(double share, TimeProvider time)
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly double _pauses = share is > 0 and <= 1
        ? (1 - share) / share
        : throw new DaybookException(ErrorCode.InvalidArgument, $"The share of a pace is {share}; it must be more than 0 and at most 1.");

    /// <summary>Does a piece of work when its turn has come, and then pauses.</summary>
    internal async ValueTask<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var began = time.GetTimestamp();
            var result = await work().ConfigureAwait(false);
            var pause = time.GetElapsedTime(began) * _pauses;
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }
}
