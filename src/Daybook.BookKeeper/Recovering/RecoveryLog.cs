using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Recovering;

internal static partial class RecoveryLog
{
    [LoggerMessage(40, LogLevel.Information, "Ledger {Ledger} was recovered and closed at entry {LastEntry}, {Length} bytes")]
    public static partial void Recovered(ILogger logger, LedgerId ledger, EntryId lastEntry, long length);

    [LoggerMessage(41, LogLevel.Information, "The metadata of ledger {Ledger} were changed by somebody else during its recovery; looking again")]
    public static partial void Overtaken(ILogger logger, LedgerId ledger);

    [LoggerMessage(42, LogLevel.Warning, "Ledger {Ledger} could not be recovered and stays in recovery: {Reason}")]
    public static partial void Failed(ILogger logger, LedgerId ledger, string reason);
}
