using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Tests.Quorums;

public sealed class QuorumTests
{
    private static readonly QuorumSizes s_five = new(5, 3, 2);

    public static TheoryData<int, int, int> AllSizes
    {
        get
        {
            var sizes = new TheoryData<int, int, int>();
            for (var e = 1; e <= 6; e++)
            {
                for (var w = 1; w <= e; w++)
                {
                    for (var a = 1; a <= w; a++)
                        sizes.Add(e, w, a);
                }
            }
            return sizes;
        }
    }

    [Theory]
    [InlineData(3, 3, 0)]
    [InlineData(3, 2, 3)]
    [InlineData(2, 3, 2)]
    [InlineData(100, 65, 2)]
    public void Invalid_sizes_are_refused_with_the_reason(int ensemble, int write, int ack) => Assert.NotNull(new QuorumSizes(ensemble, write, ack).Problem);

    [Fact]
    public void Entries_are_striped_round_the_ensemble()
    {
        Assert.Equal([3, 4, 0], Copies(s_five.WriteSetOf(new EntryId(8))));
        Assert.Equal([2, 3, 4], Copies(s_five.WriteSetOf(new EntryId(long.MaxValue))));
        Assert.Equal([0, 1, 2], Copies(new QuorumSizes(3, 3, 2).WriteSetOf(new EntryId(3))));
    }

    [Theory, MemberData(nameof(AllSizes))]
    public void Each_position_holds_the_copies_that_the_rule_gives_it(int ensemble, int write, int ack)
    {
        var sizes = new QuorumSizes(ensemble, write, ack);
        Assert.Null(sizes.Problem);
        for (var entry = 0; entry < 3 * ensemble; entry++)
        {
            var set = sizes.WriteSetOf(new EntryId(entry));
            Assert.Equal(Enumerable.Range(0, write).Select(i => (entry + i) % ensemble), Copies(set));
            Assert.All(Enumerable.Range(0, ensemble), position => Assert.Equal(Array.IndexOf(Copies(set), position), set.CopyAt(position)));
        }
    }

    [Fact]
    public void L12_ack_of_a_replaced_bookie_counts_no_more()
    {
        var acks = new AckSet(s_five.WriteSetOf(new EntryId(4)), s_five.Ack);
        acks.Acknowledge(4);
        acks.Acknowledge(4);
        acks.Acknowledge(2);
        Assert.False(acks.IsComplete, "one bookie twice, and one outside the write set");
        acks.Acknowledge(1);
        Assert.True(acks.IsComplete);

        Assert.True(acks.Replace(4), "the new bookie must get the entry");
        Assert.False(acks.Replace(3), "not in the write set");
        Assert.False(acks.IsComplete);
        acks.Acknowledge(4);
        Assert.True(acks.IsComplete);
    }

    [Theory, MemberData(nameof(AllSizes))]
    public void L1_coverage_is_exactly_that_every_ack_quorum_is_met(int ensemble, int write, int ack)
    {
        var sizes = new QuorumSizes(ensemble, write, ack);
        for (var answered = 0; answered < 1 << ensemble; answered++)
        {
            var coverage = new EnsembleCoverage(sizes);
            foreach (var position in Enumerable.Range(0, ensemble))
            {
                if ((answered & 1 << position) != 0)
                    coverage.Know(position);
                else
                    coverage.Fail(position);
            }
            var met = AckQuorums(sizes).All(quorum => (quorum & answered) != 0);
            Assert.Equal((met, !met), (coverage.IsCovered, coverage.IsImpossible));
        }
    }

    [Fact]
    public void L1_silence_is_neither_coverage_nor_its_end()
    {
        var coverage = new EnsembleCoverage(new QuorumSizes(3, 3, 2));
        coverage.Know(0);
        Assert.False(coverage.IsCovered);
        Assert.False(coverage.IsImpossible);
        coverage.Fail(1);
        Assert.False(coverage.IsImpossible);
        coverage.Fail(0);
        Assert.False(coverage.IsImpossible, "the answer of bookie 0 stays valid");
        coverage.Know(2);
        Assert.True(coverage.IsCovered);
    }

    [Theory, MemberData(nameof(AllSizes))]
    public void L7_absent_is_decided_at_exactly_the_required_explicit_negatives(int ensemble, int write, int ack)
    {
        var sizes = new QuorumSizes(ensemble, write, ack);
        var set = sizes.WriteSetOf(new EntryId(7));
        var search = new EntrySearch(set, sizes);
        for (var copy = 0; copy < write - ack + 1; copy++)
        {
            Assert.Equal(SearchVerdict.Open, search.Verdict);
            search.Absent(set[copy]);
            search.Absent(set[copy]);
        }
        Assert.Equal(SearchVerdict.Absent, search.Verdict);
    }

    [Fact]
    public void L7_one_positive_overrides_the_negatives_before_it()
    {
        var sizes = new QuorumSizes(3, 3, 2);
        var search = new EntrySearch(sizes.WriteSetOf(new EntryId(0)), sizes);
        search.Absent(0);
        search.Found();
        search.Absent(1);

        Assert.Equal(SearchVerdict.Found, search.Verdict);
    }

    [Fact]
    public void L6_errors_never_make_an_entry_absent()
    {
        var sizes = new QuorumSizes(5, 3, 2);
        var search = new EntrySearch(sizes.WriteSetOf(new EntryId(4)), sizes);
        search.Failed(4);
        search.Failed(0);
        search.Absent(2);
        Assert.Equal(SearchVerdict.Open, search.Verdict);
        search.Absent(1);

        Assert.Equal(SearchVerdict.Undecidable, search.Verdict);
    }

    [Fact]
    public void L6_second_try_may_still_answer_for_a_bookie_that_failed()
    {
        var sizes = new QuorumSizes(3, 3, 2);
        var search = new EntrySearch(sizes.WriteSetOf(new EntryId(0)), sizes);
        search.Failed(0);
        search.Absent(0);
        search.Failed(0);
        search.Absent(1);

        Assert.Equal(SearchVerdict.Absent, search.Verdict);
    }

    [Fact]
    public void Long_poll_believes_no_news_from_so_many() => Assert.Equal(4, s_five.NoNews);

    private static int[] Copies(WriteSet set) => [.. Enumerable.Range(0, set.Count).Select(copy => set[copy])];

    /// <summary>Every set of bookies that could have acknowledged some entry, as bits.</summary>
    private static IEnumerable<int> AckQuorums(QuorumSizes sizes) =>
        from first in Enumerable.Range(0, sizes.Ensemble)
        let writeSet = Copies(sizes.WriteSetOf(new EntryId(first))).Sum(position => 1 << position)
        from quorum in Enumerable.Range(1, (1 << sizes.Ensemble) - 1)
        where (quorum & ~writeSet) == 0 && int.PopCount(quorum) == sizes.Ack
        select quorum;
}
