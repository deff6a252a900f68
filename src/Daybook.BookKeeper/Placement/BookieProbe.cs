using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Placement;

/// <summary>
/// Asks a bookie whether it serves before metadata name it. ZooKeeper lists a bookie that died until its session has expired, and one that hangs for ever: written
/// into metadata without being asked, two of them would take turns in a ledger, with a change of its metadata for each turn.
/// </summary>
internal static class BookieProbe
{
    /// <summary>True when the bookie answers a question about a ledger, which it need not know.</summary>
    public static async ValueTask<bool> AnswersAsync(ClientServices services, BookieId bookie, LedgerId ledger)
    {
        var answer = await services.Bookies.ReadLacAsync(bookie, ledger).ConfigureAwait(false);
        return answer.Status is BookieStatus.Ok or BookieStatus.NoEntry or BookieStatus.NoLedger;
    }
}
