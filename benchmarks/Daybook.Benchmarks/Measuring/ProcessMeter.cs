using System.Diagnostics;

namespace Daybook.Benchmarks.Measuring;

/// <summary>What this process used from its making on.</summary>
internal sealed class ProcessMeter : IDisposable
{
    private readonly Process _process = Process.GetCurrentProcess();
    private readonly TimeSpan _cpu;
    private readonly long _allocated;
    private readonly TimeSpan _paused;
    private readonly Stopwatch _clock;

    public ProcessMeter()
    {
        GC.Collect();
        _cpu = _process.TotalProcessorTime;
        _allocated = GC.GetTotalAllocatedBytes();
        _paused = GC.GetTotalPauseDuration();
        _clock = Stopwatch.StartNew();
    }

    /// <summary>The measurement up to now.</summary>
    public LoadResult Result(long operations, Latencies latencies)
    {
        var elapsed = _clock.Elapsed.TotalSeconds;
        _process.Refresh();
        return new LoadResult(
            operations, elapsed, latencies.Percentile(0.5), latencies.Percentile(0.99), (_process.TotalProcessorTime - _cpu).TotalSeconds,
            GC.GetTotalAllocatedBytes() - _allocated, (GC.GetTotalPauseDuration() - _paused).TotalSeconds);
    }

    public void Dispose() => _process.Dispose();
}
