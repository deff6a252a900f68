using System.Text;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Tests.Fakes;
using Daybook.BookKeeper.Tests.Placement;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Writing;

namespace Daybook.BookKeeper.Tests.Writing;

/// <summary>Changes of metadata are bounded by failures of bookies, not by time.</summary>
public sealed class BoundedChangesTests
{
    private static readonly string[] s_dead = ["c", "d"];

    [Fact]
    public async Task Dead_bookies_that_stay_registered_cost_no_change_of_metadata_however_long_they_do()
    {
        var (bench, writer) = await StartAsync();
        bench.Bookies.Down.UnionWith(s_dead.Select(name => new BookieId(name)));
        await AppendForAsync(bench, writer, TimeSpan.FromHours(1));
        Assert.Equal(1, bench.Metadata.Writes);
        Assert.Single(bench.Metadata[writer.Id].Segments);
    }

    [Fact]
    public async Task Bookies_that_answer_but_take_no_entries_are_tried_ever_more_seldom()
    {
        var (bench, writer) = await StartAsync();
        foreach (var name in s_dead)
            bench.Bookies[name].RefusesAdds = BookieStatus.IoError;
        await AppendForAsync(bench, writer, TimeSpan.FromHours(1));
        Assert.InRange(bench.Metadata.Writes, 2, 30);
        var before = bench.Metadata.Writes;
        await AppendForAsync(bench, writer, TimeSpan.FromHours(1));
        Assert.InRange(bench.Metadata.Writes - before, 0, 6);
    }

    [Fact]
    public async Task Bookie_that_is_back_is_used_again()
    {
        var (bench, writer) = await StartAsync();
        bench.Bookies.Down.UnionWith(s_dead.Select(name => new BookieId(name)));
        await AppendForAsync(bench, writer, TimeSpan.FromMinutes(5));
        bench.Bookies.Down.Remove(new BookieId("d"));
        await AppendForAsync(bench, writer, TimeSpan.FromMinutes(2));
        Assert.Contains(new BookieId("d"), bench.Metadata[writer.Id].Current.Bookies);
        Assert.Equal(2, bench.Metadata.Writes);
    }

    [Fact]
    public void Segment_with_the_bookies_of_its_neighbour_is_merged_with_it()
    {
        var ledger = new Recovering.LedgerWorld(new(2, 2, 2), [(0, ["a", "b"]), (5, ["a", "c"])]).Now;
        Assert.Equal("0:a,b", Segments(ledger.ChangeEnsemble(new EntryId(5), Ids("a", "b"))));
        Assert.Equal("0:a,b 5:a,c", Segments(ledger.ChangeEnsemble(new EntryId(7), Ids("a", "c"))));
        Assert.Equal("0:a,b 5:a,c 7:a,b", Segments(ledger.ChangeEnsemble(new EntryId(7), Ids("a", "b"))));
        Assert.Equal("0:a,c", Segments(ledger.ReplaceBookies(new EntryId(0), Ids("a", "c"))));
    }

    /// <summary>A writer on a, b and one of two bookies that will fail, chosen by the real selection.</summary>
    private static async Task<(WriterBench, BookKeeperWriter)> StartAsync()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "unused", options => options with { Placement = new Policy() });
        var selection = new BookieSelection(new ListedDirectory("a", "b", "c", "d"), bench.Services.Options);
        var written = bench.Metadata.Writes;
        var writer = await NewLedger.CreateAsync(
            bench.Services with { Selection = selection }, new CreateLedgerOptions { Ensemble = 3, WriteQuorum = 3, AckQuorum = 2 });
        Assert.Equal(written + 1, bench.Metadata.Writes);
        bench.Metadata.ForgetWrites(written);
        return (bench, writer);
    }

    private static async Task AppendForAsync(WriterBench bench, BookKeeperWriter writer, TimeSpan time)
    {
        for (var end = bench.Time.GetUtcNow() + time; bench.Time.GetUtcNow() < end; bench.Time.Advance(TimeSpan.FromSeconds(1)))
        {
            var append = writer.AppendAsync(Encoding.ASCII.GetBytes("x"));
            bench.Bookies.DeliverAll();
            await append.WithinReason();
        }
    }

    private static System.Collections.Immutable.ImmutableArray<BookieId> Ids(params string[] names) => [.. names.Select(name => new BookieId(name))];

    private static string Segments(BookKeeper.Metadata.LedgerMetadata ledger) =>
        string.Join(' ', ledger.Segments.Select(segment => $"{segment.First}:{string.Join(',', segment.Bookies)}"));
}
