using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Placement;

internal static partial class PlacementLog
{
    [LoggerMessage(1, LogLevel.Warning, "The registration at {Path} is left out: {Problem}")]
    public static partial void BadRegistration(ILogger logger, string path, string problem);

    [LoggerMessage(2, LogLevel.Information, "{Writable} bookies take writes, {ReadOnly} only serve reads")]
    public static partial void Bookies(ILogger logger, int writable, int readOnly);

    [LoggerMessage(3, LogLevel.Error, "The lists of bookies stay as they are, as ZooKeeper refuses to report changes")]
    public static partial void Ended(ILogger logger, Exception error);

    [LoggerMessage(4, LogLevel.Information, "{Bookie} failed a write and is not chosen for {Time}")]
    public static partial void Avoided(ILogger logger, BookieId bookie, TimeSpan time);
}
