using System.Collections.Immutable;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Tests.Fakes;
using Daybook.Testing.Time;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Placement;

public sealed class SelectionTests
{
    private static readonly QuorumSizes s_sizes = new(3, 2, 2);
    private readonly ManualTime _time = new();

    [Fact]
    public void Bookies_are_spread_evenly_over_positions()
    {
        const int Ledgers = 6000;
        string[] names = ["a", "b", "c", "d", "e", "f"];
        var selection = Selection(new ListedDirectory(names), null);
        var counts = new Dictionary<(BookieId, int), int>();
        for (var i = 0; i < Ledgers; i++)
        {
            var ensemble = selection.ChooseEnsemble(s_sizes);
            Assert.Equal(3, ensemble.Distinct().Count());
            for (var position = 0; position < 3; position++)
                counts[(ensemble[position], position)] = counts.GetValueOrDefault((ensemble[position], position)) + 1;
        }
        // 18 cells whose rows add up: chi square with 15 degrees of freedom is over 37.7 once in a thousand seeds, and this seed is fixed.
        const double Expected = Ledgers / 6.0;
        var chiSquare = names.SelectMany(name => Enumerable.Range(0, 3).Select(position => counts.GetValueOrDefault((new BookieId(name), position))))
            .Sum(count => (count - Expected) * (count - Expected) / Expected);
        Assert.InRange(chiSquare, 0.5, 37.7);
    }

    [Fact]
    public void Replacement_is_spread_evenly_over_those_outside()
    {
        var selection = Selection(new ListedDirectory("a", "b", "c", "d", "e", "f"), null);
        var counts = Enumerable.Range(0, 3000).Select(_ => selection.ChooseReplacement(s_sizes, Ids("a", "b", "c"), 1)!.Value)
            .CountBy(bookie => bookie).ToDictionary(pair => pair.Key.Value, pair => pair.Value);
        Assert.Equal(["d", "e", "f"], counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 900, 1100));
    }

    [Fact]
    public void Bookie_that_failed_is_not_chosen_until_its_time_is_up()
    {
        var selection = Selection(new ListedDirectory("a", "b", "c", "d"), new Policy());
        Same(selection.ChooseEnsemble(s_sizes), "a", "b", "c");
        selection.Avoid(new BookieId("b"));
        Same(selection.ChooseEnsemble(s_sizes), "a", "c", "d");
        _time.Advance(TimeSpan.FromSeconds(29));
        Same(selection.ChooseEnsemble(s_sizes), "a", "c", "d");
        selection.Avoid(new BookieId("c"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Same(selection.ChooseEnsemble(s_sizes), "a", "b", "d");
    }

    [Fact]
    public void Bookie_that_failed_longest_ago_is_taken_for_a_new_ledger_when_nobody_else_is_left()
    {
        var selection = Selection(new ListedDirectory("a", "b", "c", "d"), new Policy());
        selection.Avoid(new BookieId("d"));
        _time.Advance(TimeSpan.FromSeconds(1));
        selection.Avoid(new BookieId("a"));
        Same(selection.ChooseEnsemble(s_sizes), "b", "c", "d");
        Same(selection.ChooseEnsemble(new QuorumSizes(4, 2, 2)), "a", "b", "c", "d");
    }

    [Fact]
    public void Replacement_never_is_in_the_ensemble_nor_failed_lately()
    {
        var policy = new Policy();
        var directory = new ListedDirectory("a", "b", "c", "d");
        var selection = Selection(directory, policy);
        Assert.Equal(new BookieId("d"), selection.ChooseReplacement(s_sizes, Ids("a", "b", "c"), 1));
        var asked = Assert.Single(policy.Asked);
        Assert.Equal((3, 2, 2), (asked.Count, asked.WriteQuorum, asked.AckQuorum));
        Same(asked.Candidates, "d");
        Same(asked.Ensemble, "a", "b", "c");
        selection.Avoid(new BookieId("d"));
        Assert.Null(selection.ChooseReplacement(s_sizes, Ids("a", "b", "c"), 1));
        directory.Set(["a", "e"], "b");
        Assert.Equal(new BookieId("e"), selection.ChooseReplacement(s_sizes, Ids("a", "b", "c"), 1));
        Assert.Null(Selection(directory, new Policy { Replacement = (_, _) => null }).ChooseReplacement(s_sizes, Ids("a", "b", "c"), 1));
    }

    [Fact]
    public void Bookie_that_failed_a_second_ago_replaces_another_when_nobody_else_is_left()
    {
        var selection = Selection(new ListedDirectory("a", "b", "c", "d", "e", "f"), new Policy());
        selection.Avoid(new BookieId("e"));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        selection.Avoid(new BookieId("d"));
        Assert.Equal(new BookieId("f"), selection.ChooseReplacement(s_sizes, Ids("a", "b", "c"), 1));
        Assert.Null(selection.ChooseReplacement(s_sizes, Ids("a", "b", "c", "f"), 1));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(new BookieId("e"), selection.ChooseReplacement(s_sizes, Ids("a", "b", "c", "f"), 1));
        Assert.Null(selection.ChooseReplacement(s_sizes, Ids("a", "b", "c", "e", "f"), 1));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(new BookieId("f"), selection.ChooseReplacement(s_sizes, Ids("a", "b", "c"), 1));
        Assert.Equal(new BookieId("d"), selection.ChooseReplacement(s_sizes, Ids("a", "b", "c", "e", "f"), 1));
    }

    [Fact]
    public void Too_few_bookies_are_counted_and_named()
    {
        var directory = new ListedDirectory();
        directory.Set(["a", "b"], "r");
        var selection = Selection(directory, null);
        selection.Avoid(new BookieId("b"));
        var error = Assert.Throws<BookKeeperException>(() => selection.ChooseEnsemble(s_sizes));
        Assert.Equal(BookKeeperError.NotEnoughBookies, error.Error);
        Assert.Contains("an ensemble of 3 is needed, and 2 bookies take writes: a; failed lately: b; read-only: r", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Policy_that_finds_too_few_is_named()
    {
        var selection = Selection(new ListedDirectory("a", "b", "c"), new Policy { Ensemble = _ => [] });
        var error = Assert.Throws<BookKeeperException>(() => selection.ChooseEnsemble(s_sizes));
        Assert.Equal(BookKeeperError.NotEnoughBookies, error.Error);
        Assert.Contains("Policy finds no ensemble of 3 with a write quorum of 2 among the 3 bookies", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b,x", "chose x, which is not among the candidates a, b, c, d")]
    [InlineData("a,b,b", "chose a bookie twice: a, b, b")]
    [InlineData("a,b,c,d", "chose 4 bookies for an ensemble of 3")]
    [InlineData(null, "gave null for an ensemble")]
    public void Policy_that_chooses_badly_is_a_typed_error(string? chosen, string problem)
    {
        var selection = Selection(new ListedDirectory("a", "b", "c", "d"), new Policy { Ensemble = _ => chosen is null ? null! : Ids(chosen.Split(',')) });
        var error = Assert.Throws<BookKeeperException>(() => selection.ChooseEnsemble(s_sizes));
        Assert.Equal(BookKeeperError.IncorrectParameter, error.Error);
        Assert.Contains($"the placement policy Policy {problem}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Policy_that_fails_or_replaces_by_a_member_is_a_typed_error()
    {
        var failing = Selection(new ListedDirectory("a", "b", "c", "d"), new Policy
        {
            Ensemble = _ => throw new InvalidOperationException("No idea."),
            Replacement = (request, _) => request.Ensemble[0],
        });
        var failed = Assert.Throws<BookKeeperException>(() => failing.ChooseEnsemble(s_sizes));
        Assert.Contains("Policy failed: No idea.", failed.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(failed.InnerException);
        var member = Assert.Throws<BookKeeperException>(() => failing.ChooseReplacement(s_sizes, Ids("a", "b", "c"), 1));
        Assert.Contains("chose a, which is not among the candidates d", member.Message, StringComparison.Ordinal);
        Assert.Equal((BookKeeperError.IncorrectParameter, BookKeeperError.IncorrectParameter), (failed.Error, member.Error));
    }

    private static void Same(IEnumerable<BookieId> actual, params string[] names) => Assert.Equal(names, actual.Select(bookie => bookie.Value));

    private static ImmutableArray<BookieId> Ids(params string[] names) => [.. names.Select(name => new BookieId(name))];

    private BookieSelection Selection(IBookieDirectory directory, IEnsemblePlacement? policy) => new(
        directory, new BookKeeperOptions(new ZooKeeperOptions("127.0.0.1:1")) { Placement = policy, Time = _time, Random = new Random(20261125) });
}
