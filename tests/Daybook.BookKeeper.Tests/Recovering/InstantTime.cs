namespace Daybook.BookKeeper.Tests.Recovering;

/// <summary>A clock on which every pause ends immediately.</summary>
internal sealed class InstantTime : TimeProvider
{
    /// <summary>How many pauses were made.</summary>
    public int Pauses { get; private set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Pauses++;
            callback(state);
        }
        return new Elapsed();
    }

    private sealed class Elapsed : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
