using Daybook.BookKeeper;

namespace Daybook.Cluster.Tests.Faults;

/// <summary>Reads what a load wrote, and holds every entry against what it must be.</summary>
internal static class Reading
{
    /// <summary>Follows the ledger until it is closed.</summary>
    /// <returns>How many entries it had.</returns>
    public static async Task<long> FollowAsync(BookKeeperClient client, LedgerLoad load)
    {
        var reader = await Patience.TryAsync(() => client.OpenAsync(load.Ledger));
        var next = 0L;
        while (await Patience.TryAsync(() => reader.WaitAsync(new EntryId(next)).AsTask()))
        {
            next = await Patience.TryAsync(async () =>
            {
                await foreach (var entry in reader.ReadAsync(new EntryId(next), reader.LastAddConfirmed))
                {
                    Expect(load.Ledger, next, entry);
                    Assert.True(load.IsTaken || entry.Id <= load.WriterLac, $"entry {entry.Id} was read before it was acknowledged");
                    next++;
                }
                return next;
            });
        }
        Assert.True(reader.IsClosed);
        return next;
    }

    /// <summary>Reads a closed ledger from its first entry to its last.</summary>
    public static async Task ExpectAllAsync(BookKeeperClient client, LedgerId ledger, EntryId last)
    {
        var reader = await Patience.TryAsync(() => client.OpenAsync(ledger));
        Assert.Equal((true, last), (reader.IsClosed, reader.LastAddConfirmed));
        var next = 0L;
        if (last == EntryId.None)
            return;
        await Patience.TryAsync(async () =>
        {
            await foreach (var entry in reader.ReadAsync(new EntryId(next), last))
                Expect(ledger, next++, entry);
            return true;
        });
        Assert.Equal(last.Value + 1, next);
    }

    private static void Expect(LedgerId ledger, long number, Ledgers.LedgerEntry entry)
    {
        Assert.Equal(number, entry.Id.Value);
        Assert.True(entry.Data.Span.SequenceEqual(LedgerLoad.PayloadOf(ledger, number)), $"entry {number} of ledger {ledger} has other bytes");
    }
}
