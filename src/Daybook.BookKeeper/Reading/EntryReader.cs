using Daybook.BookKeeper.Digests;

namespace Daybook.BookKeeper.Reading;

/// <summary>Reads single entries, and looks whether they have moved to other bookies when nobody gives one.</summary>
internal sealed class EntryReader(ReadContext context)
{
    /// <summary>Reads an entry that may be read.</summary>
    /// <exception cref="BookKeeperException">See <see cref="CopyReports"/>; <see cref="BookKeeperError.NoSuchLedgerMetadata"/> after deletion.</exception>
    public async Task<OpenedEntry> ReadAsync(EntryId entry)
    {
        var metadata = context.View.Now.Metadata.Value;
        while (true)
        {
            var bookies = metadata.SegmentOf(entry).Bookies;
            try
            {
                var order = context.Ranking.Order(bookies, metadata.Sizes.WriteSetOf(entry));
                return await EntryRead.RunAsync(context, entry, order).ConfigureAwait(false);
            }
            catch (BookKeeperException)
            {
                // Re-replication and deletion both show as bookies without the ledger: the metadata decide which it is.
                await LookAgainAsync().ConfigureAwait(false);
                metadata = context.View.Now.Metadata.Value;
                if (metadata.SegmentOf(entry).Bookies.SequenceEqual(bookies))
                    throw;
            }
        }
    }

    private async Task LookAgainAsync()
    {
        try
        {
            await context.View.RefreshAsync().ConfigureAwait(false);
        }
        catch (BookKeeperException failure) when (failure.Error != BookKeeperError.NoSuchLedgerMetadata)
        {
            ReadLog.MetadataFailed(context.Client.Log, context.Ledger.Value, failure);
        }
    }
}
