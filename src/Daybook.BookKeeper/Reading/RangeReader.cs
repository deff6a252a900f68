using System.Runtime.CompilerServices;
using Daybook.BookKeeper.Digests;
using Daybook.Ledgers;

namespace Daybook.BookKeeper.Reading;

/// <summary>Reads entries that may be read, in order and checked: in blocks, and those by themselves that a block did not bring, or damaged.</summary>
internal sealed class RangeReader(ReadContext context, EntryReader single)
{
    /// <summary>Reads from one entry to another, both included.</summary>
    public async IAsyncEnumerable<LedgerEntry> ReadAsync(EntryId first, EntryId last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ahead = new ReadAhead(context, first, last);
        while (ahead.Take() is { } block)
        {
            var (next, end) = (block.First, new EntryId(block.First.Value + block.Count));
            for (var fetching = block.Entries; next < end; fetching = next < end ? ahead.FetchAgainAsync(next, (int)(end.Value - next.Value)) : fetching)
            {
                var fetched = await Threads.ComeBackFrom(fetching, cancellationToken).ConfigureAwait(false);
                ahead.Learn(fetched);
                if (fetched.Entries.Count == 0)
                {
                    yield return await ReadAloneAsync(next, cancellationToken).ConfigureAwait(false);
                    next = next.Next;
                }
                for (var i = 0; i < fetched.Entries.Count && next < end; i++, next = next.Next)
                {
                    yield return TryOpen(fetched, i, next, out var payload)
                        ? new LedgerEntry(next, payload)
                        : await ReadAloneAsync(next, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<LedgerEntry> ReadAloneAsync(EntryId entry, CancellationToken cancellationToken) =>
        new(entry, (await Threads.ComeBackFrom(single.ReadAsync(entry), cancellationToken).ConfigureAwait(false)).Payload);

    private bool TryOpen(FetchedEntries fetched, int index, EntryId entry, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        var body = fetched.Entries[index];
        if (body.IsEmpty)
            return false;
        try
        {
            payload = PackagedEntry.Open(body, context.Ledger, entry, context.Credentials.Digest, fetched.SourceOf(index)).Payload;
            return true;
        }
        catch (BookKeeperException)
        {
            // The copy is damaged or another entry: other bookies are asked, this one last.
            context.Ranking.Demote(fetched.SourceOf(index));
            return false;
        }
    }
}
