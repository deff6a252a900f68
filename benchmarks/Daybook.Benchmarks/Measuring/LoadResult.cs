namespace Daybook.Benchmarks.Measuring;

/// <summary>What a closed loop of clients achieved.</summary>
/// <param name="Operations">Operations completed.</param>
/// <param name="Seconds">The duration in seconds.</param>
/// <param name="P50">Half of them took no longer, in microseconds.</param>
/// <param name="P99">99 of 100 took no longer, in microseconds.</param>
/// <param name="CpuSeconds">Processor time the whole process used.</param>
/// <param name="AllocatedBytes">Bytes the whole process allocated.</param>
/// <param name="PausedSeconds">The garbage collector held all threads for so long.</param>
internal sealed record LoadResult(long Operations, double Seconds, double P50, double P99, double CpuSeconds, long AllocatedBytes, double PausedSeconds)
{
    public double PerSecond => Operations / Seconds;
}
