using Microsoft.Extensions.Logging;

namespace Daybook.ZooKeeper.Telemetry;

internal static partial class SessionLog
{
    [LoggerMessage(1, LogLevel.Information, "Session {Session:x} is {State} on {Host}, timeout {Timeout}")]
    public static partial void Established(ILogger logger, long session, ZooKeeperState state, string host, TimeSpan timeout);

    [LoggerMessage(2, LogLevel.Warning, "Session {Session:x} lost its server {Host}: {Reason}")]
    public static partial void Lost(ILogger logger, long session, string host, string reason);

    [LoggerMessage(3, LogLevel.Error, "Session {Session:x} is over ({State}): {Reason}")]
    public static partial void Ended(ILogger logger, long session, ZooKeeperState state, string reason);

    [LoggerMessage(4, LogLevel.Debug, "No session on {Host}: {Reason}")]
    public static partial void Refused(ILogger logger, string host, string reason);
}
