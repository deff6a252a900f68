using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Serving;
using Daybook.Bookie.Storage;

namespace Daybook.Bookie.Tests.Storage;

public sealed class FormatTests
{
    /// <summary>The format is a promise: blocks that were written stay readable (docs/bookie.md).</summary>
    [Fact]
    public void Block_has_the_bytes_that_the_page_describes()
    {
        var block = new Block();
        block.Begin(new BlockId(new LedgerId(3), 5), 1);
        block.Add(new RecordHeader(RecordKind.Ledger, 2, 3, new LedgerId(0x0102), default), [0xAA, 0xBB, 0xCC]);
        var at = block.Add(new RecordHeader(RecordKind.Entry, 2, 2, new LedgerId(0x0102), new EntryId(7)), [0x01, 0x02]);

        const string Expected = "44424b01"
            + "01000000" + "02000000" + "03000000" + "0201000000000000" + "0000000000000000" + "aabbcc"
            + "02000000" + "02000000" + "02000000" + "0201000000000000" + "0700000000000000" + "0102";
        Assert.Equal(Expected, Convert.ToHexStringLower(block.Data.Span));
        Assert.Equal((new BlockId(new LedgerId(3), 5), 35, 2), (at.Block, at.Offset, at.Length));
        Assert.Equal([1u, 2u, 3u, 4u, 5u, 6u, 7u], Enum.GetValues<RecordKind>().Select(kind => (uint)kind));
    }

    [Theory, InlineData(5), InlineData(6)]
    public void Index_agrees_with_a_sorted_dictionary_in_any_order(int seed)
    {
        var random = new Random(seed);
        var index = new EntryIndex();
        var expected = new SortedDictionary<long, RecordLocation>();
        for (var i = 0; i < 30_000; i++)
        {
            var entry = random.Next(4) switch { 0 => random.Next(20_000), 1 => 20_000 - i, 2 => random.NextInt64(long.MaxValue), _ => i };
            entry = Math.Max(0, entry);
            var location = new RecordLocation((ulong)i, i);
            Assert.Equal(expected.TryGetValue(entry, out var before) ? before : null, index.Set(new EntryId(entry), location));
            expected[entry] = location;
        }
        Assert.Equal(expected.Select(pair => (new EntryId(pair.Key), pair.Value)), index.All());
        Assert.Equal((expected.Count, expected.Keys.Last()), (index.Count, index.Last.Value));
        Assert.All(expected, pair => Assert.True(index.TryFind(new EntryId(pair.Key), out var found) && found == pair.Value));
        Assert.False(index.TryFind(new EntryId(20_001 + 30_000), out _) && !expected.ContainsKey(50_001));
    }

    [Fact]
    public void Index_of_a_dense_ledger_costs_20_bytes_an_entry()
    {
        const int Entries = 500_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var index = new EntryIndex();
        for (var entry = 0; entry < Entries; entry++)
            index.Set(new EntryId(entry), new RecordLocation((ulong)entry, 1000));
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Entries, 19, 21);
        GC.KeepAlive(index);
    }

    [Fact]
    public void List_of_entries_names_exactly_the_entries_held()
    {
        var random = new Random(8);
        for (var round = 0; round < 300; round++)
        {
            var entries = Enumerable.Range(0, random.Next(60)).Select(_ => (long)random.Next(80)).Distinct().Order().ToList();
            var listing = EntryListing.Decode(EntryListingWriter.Encode(entries));
            Assert.Equal(entries.Count, listing.Count);
            Assert.All(Enumerable.Range(0, 100), entry => Assert.Equal(entries.Contains(entry), listing.Contains(new EntryId(entry))));
        }
        var striped = Enumerable.Range(0, 900).Where(entry => entry % 3 != 2).Select(entry => (long)entry);
        Assert.Single(EntryListing.Decode(EntryListingWriter.Encode(striped)).Groups);
    }
}
