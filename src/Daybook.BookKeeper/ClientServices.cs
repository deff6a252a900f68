using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper;

/// <summary>What writers, readers and recoveries of one client share.</summary>
/// <param name="Options">How the client behaves.</param>
/// <param name="Bookies">Requests to bookies.</param>
/// <param name="Metadata">The metadata of ledgers.</param>
/// <param name="Selection">Chooses bookies.</param>
internal sealed record ClientServices(BookKeeperOptions Options, IBookies Bookies, ILedgerMetadataStore Metadata, IBookieSelection Selection)
{
    /// <summary>Where writers, readers and recoveries log.</summary>
    public ILogger Log { get; } = Options.Logging.CreateLogger("Daybook.BookKeeper");

    /// <summary>The clock.</summary>
    public TimeProvider Time => Options.Time;
}
