namespace Daybook.BookKeeper.Reading;

/// <summary>What the readers of one client share beyond <see cref="ClientServices"/>.</summary>
/// <param name="Client">Bookies, metadata, options.</param>
/// <param name="AcknowledgedHere">The LAC of the ledger's writer if it is in this client too, else <see cref="EntryId.None"/>: what was acknowledged
/// to it can be read immediately, before any bookie knows it.</param>
/// <param name="Closing">Ends waiting and reading when the client is closed.</param>
internal sealed record ReadServices(ClientServices Client, Func<LedgerId, EntryId> AcknowledgedHere, CancellationToken Closing)
{
    /// <summary>Readers that know no writers.</summary>
    public static ReadServices Of(ClientServices client, CancellationToken closing = default) => new(client, _ => EntryId.None, closing);
}

/// <summary>What the parts of one reader share.</summary>
/// <param name="Client">Bookies, metadata, options.</param>
/// <param name="Credentials">What the ledger was opened with.</param>
/// <param name="View">What is known of the ledger.</param>
/// <param name="Ranking">Which bookies have served badly.</param>
internal sealed record ReadContext(ClientServices Client, LedgerCredentials Credentials, LedgerView View, BookieRanking Ranking)
{
    public LedgerId Ledger => View.Ledger;
}
