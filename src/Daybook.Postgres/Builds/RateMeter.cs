namespace Daybook.Postgres.Builds;

/// <summary>How fast a number grows, smoothed over some seconds.</summary>
internal sealed class RateMeter
{
    private const double SmoothingSeconds = 5;
    private (TimeSpan At, long Value)? _last;

    /// <summary>By how much it grows each second; 0 until it was observed twice.</summary>
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
