using System.Diagnostics;
using Daybook.BookKeeper;

namespace Daybook.Cluster.Tests.Faults;

/// <summary>Tries again what faults may make fail, and nothing else.</summary>
internal static class Patience
{
    private static readonly TimeSpan s_atMost = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether an error only means that servers are unreachable for now. A wrong byte, a missing entry or a lost ledger does not
    /// count.</summary>
    public static bool IsWeather(Exception error) => error is BookKeeperException
    {
        Error: BookKeeperError.NotEnoughBookies or BookKeeperError.BookieUnavailable or BookKeeperError.Timeout or BookKeeperError.EntryUnavailable
            or BookKeeperError.MetadataUnavailable or BookKeeperError.MetadataVersion or BookKeeperError.ReadOnly or BookKeeperError.WriteFailed
            or BookKeeperError.TooManyRequests
    };

    /// <summary>Tries until it succeeds.</summary>
    public static async Task<T> TryAsync<T>(Func<Task<T>> attempt)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (IsWeather(e) && Stopwatch.GetElapsedTime(start) < s_atMost)
            {
                await Task.Delay(s_pause);
            }
        }
    }
}
