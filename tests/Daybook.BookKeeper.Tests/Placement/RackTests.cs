using Daybook.BookKeeper.Placement;

namespace Daybook.BookKeeper.Tests.Placement;

public sealed class RackTests
{
    private readonly Random _random = new(4);

    [Theory]
    [InlineData(2, 2, "r1:3 r2:3")]
    [InlineData(3, 2, "r1:2 r2:1")]
    [InlineData(3, 3, "r1:5 r2:1")]
    [InlineData(5, 3, "r1:4 r2:2")]
    [InlineData(6, 2, "r1:3 r2:3")]
    [InlineData(7, 3, "r1:4 r2:2 r3:1")]
    [InlineData(30, 3, "r1:10 r2:10 r3:10")]
    public void Every_write_set_spans_two_racks(int ensemble, int writeQuorum, string racks)
    {
        var isFeasible = Request(ensemble, writeQuorum, racks);
        for (var i = 0; i < 50; i++)
        {
            var chosen = Policy(strict: true).ChooseEnsemble(isFeasible);
            if (ensemble == 3 && writeQuorum == 2)
            {
                // Two of three neighbours in a circle are of the rack that has two.
                Assert.Empty(chosen);
                continue;
            }
            Assert.Equal(ensemble, chosen.Distinct().Count());
            Assert.All(Enumerable.Range(0, ensemble), start => Assert.True(RacksFrom(chosen, start, writeQuorum) >= 2, string.Join(' ', chosen)));
        }
    }

    [Fact]
    public void Write_sets_span_as_many_racks_as_are_asked_for()
    {
        for (var i = 0; i < 50; i++)
        {
            var chosen = new RackAwarePlacement(Rack, _random) { MinRacks = 3, Strict = true }.ChooseEnsemble(Request(6, 4, "r1:4 r2:2 r3:2"));
            Assert.All(Enumerable.Range(0, 6), start => Assert.Equal(3, RacksFrom(chosen, start, 4)));
        }
    }

    [Fact]
    public void Where_racks_do_not_suffice_the_most_are_spanned_or_nobody_is_chosen()
    {
        var request = Request(3, 3, "r1:2 r2:2");
        var three = new RackAwarePlacement(Rack, _random) { MinRacks = 3 }.ChooseEnsemble(request);
        Assert.Equal((3, 2), (three.Count, RacksFrom(three, 0, 3)));
        Assert.Empty(new RackAwarePlacement(Rack, _random) { MinRacks = 3, Strict = true }.ChooseEnsemble(request));
        Assert.Equal(2, Policy(strict: false).ChooseEnsemble(Request(2, 2, "r1:2")).Count);
        Assert.Empty(Policy(strict: true).ChooseEnsemble(Request(2, 2, "r1:2")));
        Assert.Empty(Policy(strict: false).ChooseEnsemble(Request(3, 2, "r1:1 r2:1")));
        Assert.Single(Policy(strict: true).ChooseEnsemble(Request(1, 1, "r1:1")));
    }

    [Fact]
    public void Search_without_a_solution_ends()
    {
        var started = TimeProvider.System.GetTimestamp();
        Assert.Empty(Policy(strict: true).ChooseEnsemble(Request(41, 2, string.Join(' ', Enumerable.Range(0, 20).Select(rack => $"r{rack}:{(rack == 0 ? 30 : 1)}")))));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 20);
    }

    [Fact]
    public void All_bookies_of_equal_racks_are_chosen_alike()
    {
        var counts = Enumerable.Range(0, 3000).SelectMany(_ => Policy(strict: true).ChooseEnsemble(Request(3, 3, "r1:3 r2:3 r3:3"))).CountBy(bookie => bookie);
        Assert.Equal(9, counts.Count());
        Assert.All(counts, pair => Assert.InRange(pair.Value, 880, 1120));
    }

    [Fact]
    public void Replacement_is_of_the_same_rack_if_there_is_one()
    {
        var request = Request(3, 2, "r1:2 r2:2 r3:2") with { Ensemble = Ids("r4-x", "r2-x", "r3-x") };
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("r2", Rack(Policy(strict: true).ChooseReplacement(request, 1)!.Value));
            Assert.Equal("r1", Rack(Policy(strict: true).ChooseReplacement(request, 0)!.Value));
        }
    }

    [Fact]
    public void Replacement_that_would_leave_a_write_set_on_one_rack_is_taken_only_if_nothing_is_better_and_that_is_allowed()
    {
        var mixed = Request(2, 2, "r1:3 r2:1") with { Ensemble = Ids("r1-x", "r1-y") };
        Assert.Equal("r2", Rack(Policy(strict: false).ChooseReplacement(mixed, 1)!.Value));
        var alone = Request(2, 2, "r1:3") with { Ensemble = Ids("r1-x", "r2-y") };
        Assert.Equal("r1", Rack(Policy(strict: false).ChooseReplacement(alone, 1)!.Value));
        Assert.Null(Policy(strict: true).ChooseReplacement(alone, 1));
        Assert.Null(Policy(strict: false).ChooseReplacement(alone with { Candidates = [] }, 1));
    }

    [Fact]
    public void Racks_below_one_and_no_function_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RackAwarePlacement(Rack) { MinRacks = 0 });
        Assert.Throws<ArgumentNullException>(() => new RackAwarePlacement(null!));
    }

    private static string Rack(BookieId bookie) => bookie.Value.Split('-')[0];

    private static int RacksFrom(IReadOnlyList<BookieId> ensemble, int start, int writeQuorum) =>
        RackSearch.RacksFrom([.. ensemble.Select(Rack)], start, writeQuorum);

    private static BookieId[] Ids(params string[] names) => [.. names.Select(name => new BookieId(name))];

    /// <summary>The given number of bookies of each rack.</summary>
    private static PlacementRequest Request(int ensemble, int writeQuorum, string racks)
    {
        var names = racks.Split(' ').Select(rack => rack.Split(':')).SelectMany(rack => Enumerable.Range(0, int.Parse(rack[1], null)).Select(i => $"{rack[0]}-{i}"));
        return new PlacementRequest(ensemble, writeQuorum, 1, Ids([.. names.Order(StringComparer.Ordinal)]), []);
    }

    private RackAwarePlacement Policy(bool strict) => new(Rack, _random) { Strict = strict };
}
