namespace Daybook.Postgres.Builds;

/// <summary>The growth rate of a number, smoothed over several seconds.</summary>
internal sealed class RateMeter
{
    private const double SmoothingSeconds = 5;
    private (TimeSpan At, long Value)? _last;

    /// <summary>Growth per second; 0 until there are two observations.</summary>
    internal double PerSecond { get; private set; }

    internal void Observe(TimeSpan at, long value)
    {
        if (_last is { } last && at > last.At)
        {
            var seconds = (at - last.At).TotalSeconds;
            var now = Math.Max(0, value - last.Value) / seconds;
            PerSecond = PerSecond == 0 ? now : PerSecond + ((now - PerSecond) * (1 - Math.Exp(-seconds / SmoothingSeconds)));
        }
        if (_last is null || at > _last.Value.At)
            _last = (at, value);
    }
}
