using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Replication;

internal static partial class ReplicationLog
{
    [LoggerMessage(45, LogLevel.Warning, "Copies of ledger {Ledger} could not be made again: {Reason}")]
    public static partial void Failed(ILogger logger, LedgerId ledger, string reason);
}
