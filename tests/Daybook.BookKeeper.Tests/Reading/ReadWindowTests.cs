using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Reading;

namespace Daybook.BookKeeper.Tests.Reading;

/// <summary>What a range read has under way: so many round trips, so many bytes; and what becomes of it when a bookie fails
/// meanwhile.</summary>
public sealed class ReadWindowTests
{
    [Fact]
    public async Task Round_trips_stay_under_way_until_the_end_and_each_brings_its_whole_block()
    {
        var ledger = new WrittenLedger().Append(4000).Close();
        var reader = await ledger.OpenPumpedAsync();

        await ReadAllAsync(ledger, reader, 3999, entry =>
        {
            var blocks = Blocks(ledger);
            var ahead = blocks.Count(block => block.First > entry);
            var isAllAsked = blocks[^1].First + blocks[^1].Count == 4000;
            Assert.True(isAllAsked || ahead == ReadAhead.MostRoundTrips - 1, $"{ahead} blocks are ahead of entry {entry}.");
        });

        Assert.Equal(4000, Blocks(ledger).Sum(block => block.Count));
        Assert.Equal(PipelinedBatch.MostReads, Blocks(ledger).Max(block => block.Count));
    }

    [Fact]
    public async Task Entries_that_grow_suddenly_do_not_fill_more_than_the_window()
    {
        const int Small = 1500, Large = 1500, Size = 10_000;
        var ledger = new WrittenLedger(new QuorumSizes(3, 2, 2)).Append(Small).Append(Large, Size).Close();
        var reader = await ledger.OpenPumpedAsync();
        var (sent, most) = (0, 0L);

        await ReadAllAsync(ledger, reader, Small + Large - 1, entry =>
        {
            // Those of the first large entries that were asked for as if they were small are a window of round trips, not of bytes.
            if (entry >= Small + PipelinedBatch.MostReads && ledger.Pumped.Sent.Count > sent)
                most = Math.Max(most, (HighestRead(ledger) - entry) * Size);
            sent = ledger.Pumped.Sent.Count;
        });

        Assert.InRange(most, ReadAhead.MostBytes / 2, ReadAhead.MostBytes);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(3, 2)]
    public async Task Bookie_that_dies_in_the_middle_costs_a_range_neither_entry_nor_order(int ensemble, int write)
    {
        var ledger = new WrittenLedger(new QuorumSizes(ensemble, write, 2)).Append(2000).Close();
        var reader = await ledger.OpenPumpedAsync();

        await ReadAllAsync(ledger, reader, 1999, entry =>
        {
            if (entry == 600)
                ledger.Bookies.Down.Add(new BookieId("b"));
        });
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(3, 2)]
    public async Task Bookie_that_falls_silent_in_the_middle_costs_a_range_neither_entry_nor_order(int ensemble, int write)
    {
        var ledger = new WrittenLedger(new QuorumSizes(ensemble, write, 2)).Append(2000).Close();
        var reader = await ledger.OpenPumpedAsync();
        var isSilent = false;
        var reading = ReadAllAsync(ledger, reader, 1999, entry => isSilent |= entry == 600, bookie => !isSilent || bookie != "b");

        while (await Task.WhenAny(reading, ledger.Time.NextTimerAsync()) != reading)
            ledger.Time.Advance(ledger.Client.Options.SpeculativeReadAfter);

        await reading;
        Assert.True(isSilent);
    }

    /// <summary>Reads from entry 0, and checks that every entry comes, in order and as written.</summary>
    private static Task<bool> ReadAllAsync(WrittenLedger ledger, BookKeeperReader reader, long last, Action<long> onEntry, Func<string, bool>? answers = null)
    {
        return ledger.Pumped.RunAsync(RunAsync(), message => answers is null || answers(message.Bookie.Value));

        async Task<bool> RunAsync()
        {
            var next = 0L;
            await foreach (var entry in reader.ReadAsync(new EntryId(0), new EntryId(last)))
            {
                Assert.Equal(next, entry.Id.Value);
                Assert.Equal(WrittenLedger.Payload(entry.Id, entry.Data.Length), entry.Data.ToArray());
                onEntry(next++);
            }
            Assert.Equal(last + 1, next);
            return true;
        }
    }

    private static List<(long First, int Count)> Blocks(WrittenLedger ledger) =>
        [.. ledger.Pumped.Sent.Where(what => what.StartsWith("batch", StringComparison.Ordinal)).Select(what => what.Split(' '))
            .Select(words => (long.Parse(words[1], null), int.Parse(words[3], null)))];

    private static long HighestRead(WrittenLedger ledger) =>
        ledger.Pumped.Sent.Where(what => what.StartsWith("read ", StringComparison.Ordinal) && !what.Contains("lac", StringComparison.Ordinal))
            .Max(what => long.Parse(what.Split(' ')[1], null));
}
