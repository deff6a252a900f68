using System.Diagnostics;

namespace Daybook.Benchmarks.Measuring;

/// <summary>Counts latencies in buckets of about 3 % width; one for each thread, merged at the end.</summary>
internal sealed class Latencies
{
    private const int PerOctave = 24;
    private readonly long[] _buckets = new long[PerOctave * 40];

    public long Count { get; private set; }

    public void Add(long ticks)
    {
        Count++;
        var nanoseconds = Math.Max(1.0, ticks * (1e9 / Stopwatch.Frequency));
        _buckets[Math.Min((int)(Math.Log2(nanoseconds) * PerOctave), _buckets.Length - 1)]++;
    }

    public void Merge(Latencies other)
    {
        Count += other.Count;
        for (var i = 0; i < _buckets.Length; i++)
            _buckets[i] += other._buckets[i];
    }

    /// <summary>The latency in microseconds that a share of the requests did not exceed.</summary>
    public double Percentile(double share)
    {
        var wanted = (long)Math.Ceiling(Count * share);
        long seen = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= wanted)
                return Math.Pow(2, (i + 0.5) / PerOctave) / 1000;
        }
        return 0;
    }
}
