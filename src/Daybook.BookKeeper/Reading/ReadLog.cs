using Daybook.BookKeeper.Wire;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Reading;

/// <summary>What readers log.</summary>
internal static partial class ReadLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Bookie {Bookie} did not give entry {Entry} of ledger {Ledger} ({Error}).")]
    public static partial void CopyFailed(ILogger log, long ledger, long entry, string bookie, BookKeeperError error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Bookie {Bookie} did not answer a long poll of ledger {Ledger} ({Status}).")]
    public static partial void PollFailed(ILogger log, long ledger, string bookie, BookieStatus status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The metadata of ledger {Ledger} could not be read again; what is known of it goes on to hold.")]
    public static partial void MetadataFailed(ILogger log, long ledger, Exception failure);
}
