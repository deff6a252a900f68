using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Recovering;

/// <summary>Asks for the LAC of a ledger without disturbing its writer; drives <see cref="LacMachine"/>.</summary>
internal static class LacReading
{
    /// <summary>The LAC of a ledger: its last entry when it is closed, else what the bookies of its last ensemble know.</summary>
    /// <param name="services">The client's.</param>
    /// <param name="metadata">As read lately; when the writer has changed its ensemble since, the answer may be too low, never too high.</param>
    /// <param name="credentials">Check the digests.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.NotEnoughBookies"/> when too few answered to be sure;
    /// <see cref="BookKeeperError.Unauthorized"/> when the connection is not authenticated.</exception>
    /// <remarks>Continues on the threads that bring answers: yield before a user gets the result.</remarks>
    public static async ValueTask<EntryId> ReadAsync(
        ClientServices services, LedgerMetadata metadata, LedgerCredentials credentials, CancellationToken cancellationToken)
    {
        if (metadata.State == LedgerState.Closed)
            return metadata.LastEntry;
        var machine = new LacMachine(metadata, credentials, LacQuestion.Explicit);
        await BookieConversation.RunAsync(services.Bookies, machine, cancellationToken).ConfigureAwait(false);
        return machine.Lac;
    }
}
