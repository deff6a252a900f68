namespace Daybook.Servers.Processes;

/// <summary>
/// Threads for reading what processes write. The runtime reads a pipe by blocking a thread of the pool, and adds threads beyond the minimum, one for
/// each core, only every half second. Without more of them a few servers hold up every timer of the test.
/// </summary>
internal static class PipeReaders
{
    private static readonly Lock s_lock = new();

    /// <summary>Raises the minimum of the pool by a number of pipes, or lowers it.</summary>
    public static void Add(int pipes)
    {
        lock (s_lock)
        {
            ThreadPool.GetMinThreads(out var workers, out var ports);
            ThreadPool.SetMinThreads(workers + pipes, ports);
        }
    }
}
