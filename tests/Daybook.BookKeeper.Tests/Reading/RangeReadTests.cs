using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Quorums;
using Daybook.Ledgers;

namespace Daybook.BookKeeper.Tests.Reading;

/// <summary>Ranges: in order, complete, checked; in few requests, with several of them ahead.</summary>
public sealed class RangeReadTests
{
    [Fact]
    public async Task Range_has_both_ends_and_may_be_empty()
    {
        var ledger = new WrittenLedger().Append(10).Close();
        var reader = await ledger.OpenPumpedAsync();

        Assert.Equal([3, 4, 5, 6], await IdsAsync(ledger, reader, 3, 6));
        Assert.Equal([9], await IdsAsync(ledger, reader, 9, 9));
        Assert.Equal([0], await IdsAsync(ledger, reader, 0, 0));
        Assert.Empty(await IdsAsync(ledger, reader, 5, 4));
    }

    [Theory]
    [InlineData(3, 3, 2, 5)]
    [InlineData(5, 3, 2, 7)]
    [InlineData(3, 2, 1, 40)]
    [InlineData(1, 1, 1, 1)]
    public async Task Range_runs_over_segments_with_any_quorums(int ensemble, int write, int ack, int perSegment)
    {
        var ledger = new WrittenLedger(new QuorumSizes(ensemble, write, ack)).Append(perSegment);
        foreach (var names in new[] { "bcdef", "fghij", "abcde" })
            ledger.ChangeEnsemble([.. names[..ensemble].Select(c => c.ToString())]).Append(perSegment);
        var reader = await ledger.Close().OpenPumpedAsync();

        var entries = await AllAsync(ledger, reader, 0, 4 * perSegment - 1);

        Assert.Equal(4 * perSegment, entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            Assert.Equal(new EntryId(i), entries[i].Id);
            Assert.Equal(WrittenLedger.Payload(new EntryId(i)), entries[i].Data.ToArray());
        }
    }

    [Fact]
    public async Task Beyond_the_last_entry_what_exists_comes_first_and_then_the_error()
    {
        var ledger = new WrittenLedger().Append(5).Close();
        var reader = await ledger.OpenPumpedAsync();
        var seen = new List<long>();

        var failure = await Assert.ThrowsAsync<BookKeeperException>(() => CollectAsync(ledger, reader, 2, 7, seen));

        Assert.Equal([2, 3, 4], seen);
        Assert.Equal((ErrorCode.NoSuchEntry, new EntryId(5)), (failure.Code, failure.Entry));
        Assert.Equal(ErrorCode.NoSuchEntry, (await Assert.ThrowsAsync<BookKeeperException>(() => CollectAsync(ledger, reader, -1, 2, []))).Code);
    }

    [Fact]
    public async Task Long_range_takes_few_requests_that_stay_within_their_bounds()
    {
        var ledger = new WrittenLedger().Append(6000, size: 1024).Close();
        var reader = await ledger.OpenPumpedAsync();

        Assert.Equal(6000, (await AllAsync(ledger, reader, 0, 5999)).Count);

        Assert.InRange(ledger.Pumped.Sent.Count, 6000 / PipelinedBatch.MostReads, 6000 / PipelinedBatch.MostReads + 16);
        Assert.Equal(["batch 0 of 16 at a", "batch 16 of 16 at b", "batch 32 of 16 at c", "batch 48 of 16 at a"], ledger.Pumped.Sent.Take(4));
        Assert.All(ledger.Pumped.Sent, what => Assert.InRange(int.Parse(what.Split(' ')[3], null), 1, PipelinedBatch.MostReads));
    }

    [Fact]
    public async Task Entries_that_grow_large_are_fetched_in_small_pieces()
    {
        var ledger = new WrittenLedger(new QuorumSizes(1, 1, 1)).Append(500).Append(12, size: 600_000).Close();
        var reader = await ledger.OpenPumpedAsync();

        var entries = await AllAsync(ledger, reader, 0, 511);

        Assert.Equal(WrittenLedger.Payload(new EntryId(511), 600_000), entries[511].Data.ToArray());
        Assert.Equal(512, entries.Count);
    }

    [Fact]
    public async Task Nothing_more_is_asked_for_than_four_blocks_ahead()
    {
        var ledger = new WrittenLedger().Append(1000).Close();
        var reader = await ledger.OpenPumpedAsync();
        await using var entries = reader.ReadAsync(new EntryId(0), new EntryId(999)).GetAsyncEnumerator();

        Assert.True(await ledger.Pumped.RunAsync(entries.MoveNextAsync().AsTask()));

        Assert.Equal(4, ledger.Pumped.Sent.Count);
        for (var i = 1; i < 16; i++)
        {
            var next = entries.MoveNextAsync();
            Assert.True(next.IsCompletedSuccessfully && await next);
        }
        Assert.Equal(4, ledger.Pumped.Sent.Count);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(3, 2)]
    public async Task L17_damaged_and_missing_copies_are_replaced_one_by_one(int ensemble, int write)
    {
        var ledger = new WrittenLedger(new QuorumSizes(ensemble, write, 2)).Append(300).Close();
        var random = new Random(4);
        for (var entry = 0; entry < 300; entry += 2)
        {
            var bookie = ledger.BookiesOf(new EntryId(entry)).ElementAt(random.Next(write)).Value;
            var stored = ledger.At(bookie)[entry];
            switch (random.Next(4))
            {
                case 0: ledger.At(bookie).Remove(entry); break;
                case 1: ledger.At(bookie)[entry] = ledger.At(bookie).Values.First(other => other != stored); break;
                case 2: ledger.At(bookie)[entry] = stored[..^1]; break;
                default: stored[random.Next(stored.Length)] ^= 0x10; break;
            }
        }
        var reader = await ledger.OpenPumpedAsync();

        var entries = await AllAsync(ledger, reader, 0, 299);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => (long)i), entries.Select(e => e.Id.Value));
        Assert.All(entries, e => Assert.Equal(WrittenLedger.Payload(e.Id), e.Data.ToArray()));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(5, 2)]
    public async Task Dead_bookie_is_asked_a_few_times_and_then_left_alone(int ensemble, int write)
    {
        var ledger = new WrittenLedger(new QuorumSizes(ensemble, write, write)).Append(1000).Close();
        var reader = await ledger.OpenPumpedAsync();
        ledger.Bookies.Down.Add(new BookieId("b"));

        Assert.Equal(1000, (await AllAsync(ledger, reader, 0, 999)).Count);

        Assert.InRange(ledger.Pumped.Sent.Count(what => what.EndsWith("at b", StringComparison.Ordinal)), 1, 40);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(3, 2)]
    public async Task Bookie_that_does_not_answer_holds_a_range_up_only_once(int ensemble, int write)
    {
        var ledger = new WrittenLedger(new QuorumSizes(ensemble, write, 2)).Append(500).Close();
        var reader = await ledger.OpenPumpedAsync();
        var reading = AllAsync(ledger, reader, 0, 499, silent: "a");
        await ledger.Time.NextTimerAsync();
        Assert.False(reading.IsCompleted);

        ledger.Time.Advance(ledger.Client.Options.SpeculativeReadAfter);

        Assert.Equal(500, (await reading).Count);
    }

    [Fact]
    public async Task Range_ends_with_the_error_of_the_entry_that_nobody_gives()
    {
        var ledger = new WrittenLedger().Append(20).Close();
        var reader = await ledger.OpenPumpedAsync();
        foreach (var bookie in new[] { "a", "b", "c" })
            ledger.At(bookie)[11][60 - 16] ^= 1;
        var seen = new List<long>();

        var failure = await Assert.ThrowsAsync<BookKeeperException>(() => CollectAsync(ledger, reader, 0, 19, seen));

        Assert.Equal((ErrorCode.Corrupted, new EntryId(11)), (failure.Code, failure.Entry));
        Assert.Equal(11, seen.Count);
    }

    [Fact]
    public async Task Range_can_be_cancelled_while_it_waits_for_bookies()
    {
        var ledger = new WrittenLedger().Append(100).Close();
        var reader = await ledger.OpenPumpedAsync();
        using var stop = new CancellationTokenSource();
        await using var entries = reader.ReadAsync(new EntryId(0), new EntryId(99), stop.Token).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await ledger.Pumped.RunAsync(entries.MoveNextAsync().AsTask(), message => message.Bookie.Value == "a"));
        for (var i = 1; i < 16; i++)
            Assert.True(await entries.MoveNextAsync());
        var next = entries.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private static Task<List<LedgerEntry>> AllAsync(
        WrittenLedger ledger, BookKeeperReader reader, long first, long last, string? silent = null) =>
        ledger.Pumped.RunAsync(
            reader.ReadAsync(new EntryId(first), new EntryId(last)).ToListAsync().AsTask(),
            message => message.Bookie.Value != silent);

    private static async Task<List<long>> IdsAsync(WrittenLedger ledger, BookKeeperReader reader, long first, long last) =>
        [.. (await AllAsync(ledger, reader, first, last)).Select(entry => entry.Id.Value)];

    private static Task<int> CollectAsync(WrittenLedger ledger, BookKeeperReader reader, long first, long last, List<long> seen)
    {
        return ledger.Pumped.RunAsync(CollectAllAsync());

        async Task<int> CollectAllAsync()
        {
            await foreach (var entry in reader.ReadAsync(new EntryId(first), new EntryId(last)))
                seen.Add(entry.Id.Value);
            return seen.Count;
        }
    }
}
