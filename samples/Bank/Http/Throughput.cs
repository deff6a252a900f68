namespace Bank.Http;

/// <summary>Counts executed commands, in total and in each of the last seconds. Safe for many threads.</summary>
public sealed class Throughput(TimeProvider time)
{
    private const int Seconds = 60;

    // One more than is shown, for the current second.
    private readonly int[] _counts = new int[Seconds + 1];
    private readonly Lock _lock = new();
    private long _second = Second(time);
    private long _total;

    /// <summary>Commands since the program started.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Counts one more command.</summary>
    public void Count()
    {
        Interlocked.Increment(ref _total);
        lock (_lock)
        {
            Advance();
            _counts[_second % _counts.Length]++;
        }
    }

    /// <summary>Commands in each of the last 60 full seconds, oldest first.</summary>
    public IReadOnlyList<int> PerSecond()
    {
        lock (_lock)
        {
            Advance();
            return [.. Enumerable.Range(1, Seconds).Select(i => _counts[(_second + i) % _counts.Length])];
        }
    }

    private static long Second(TimeProvider time) => time.GetUtcNow().ToUnixTimeSeconds();

    private void Advance()
    {
        var now = Second(time);
        for (var empty = 0; _second < now && empty <= Seconds; empty++)
            _counts[++_second % _counts.Length] = 0;
        _second = Math.Max(_second, now);
    }
}
