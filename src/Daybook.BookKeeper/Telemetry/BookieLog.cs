using Daybook.BookKeeper.Connections;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Telemetry;

internal static partial class BookieLog
{
    [LoggerMessage(1, LogLevel.Information, "Connected to bookie {Bookie} at {Host}:{Port}")]
    public static partial void Connected(ILogger logger, BookieId bookie, string host, int port);

    [LoggerMessage(2, LogLevel.Warning, "Lost the connection to bookie {Bookie}, with {Pending} requests under way: {Reason}")]
    public static partial void Lost(ILogger logger, BookieId bookie, int pending, string reason);

    [LoggerMessage(3, LogLevel.Error, "Bookie {Bookie} sent a malformed answer; its connection is closed, with {Pending} requests under way: {Reason}")]
    public static partial void Malformed(ILogger logger, BookieId bookie, int pending, string reason);

    [LoggerMessage(4, LogLevel.Critical, "The caller of {Operation} on bookie {Bookie} failed to process the answer; this is a bug")]
    public static partial void ReceiverFailed(ILogger logger, BookieId bookie, BookieOperation operation, Exception failure);
}
