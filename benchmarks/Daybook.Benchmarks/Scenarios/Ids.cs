using System.Runtime.InteropServices;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>Unique ids from a counter, spread over the key space by a multiplication.</summary>
internal static class Ids
{
    private static readonly ulong s_run = (ulong)Environment.TickCount64;
    private static long s_last;

    public static Guid Next()
    {
        Span<ulong> bits = [(ulong)Interlocked.Increment(ref s_last) * 0x9E3779B97F4A7C15, s_run];
        return new Guid(MemoryMarshal.AsBytes(bits));
    }
}
