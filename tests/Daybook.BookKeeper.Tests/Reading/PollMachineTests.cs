using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Reading;

namespace Daybook.BookKeeper.Tests.Reading;

/// <summary>Which bookies a tailing reader polls, and when it pauses; without a clock.</summary>
public sealed class PollMachineTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);
    private static readonly EntryId s_none = EntryId.None;
    private TimeSpan _now = TimeSpan.FromMinutes(1);

    [Fact]
    public void L19_one_bookie_after_another_is_asked_from_the_position_of_the_next_entry_on()
    {
        var polls = Begin(new QuorumSizes(5, 3, 2), lac: 6);
        Assert.Equal([2], Asked(polls));
        polls.Answered(2, new EntryId(6), _now);
        Assert.Equal([3], Asked(polls));
        polls.Failed(3);
        Assert.Equal([4], Asked(polls));
    }

    [Fact]
    public void L19_round_ends_after_enough_answers_without_news_and_restarts_immediately_if_they_were_long_polls()
    {
        var polls = Begin(new QuorumSizes(3, 3, 2), lac: -1);
        Assert.Equal([0], Asked(polls));
        polls.Answered(0, s_none, _now);
        Assert.Equal([1], Asked(polls));
        _now += s_longest;
        polls.Answered(1, s_none, _now);

        Assert.Equal([0], Asked(polls));
        polls.Answered(0, s_none, _now);
        Assert.Equal([1], Asked(polls));
    }

    [Fact]
    public void Bookies_that_answer_immediately_are_polled_again_after_pauses_that_grow_up_to_the_longest()
    {
        var polls = Begin(new QuorumSizes(1, 1, 1), lac: -1);
        var pauses = new List<double>();
        for (var round = 0; round < 8; round++)
        {
            Assert.Equal([0], Asked(polls));
            polls.Answered(0, s_none, _now);
            Assert.Equal(PollStep.Rest, polls.Next(_now));
            Assert.Equal(PollStep.Wait, polls.Next(_now));
            pauses.Add(polls.Pause.TotalMilliseconds);
            _now += polls.Pause;
            polls.Begin(polls.Lac, _now);
        }
        Assert.Equal([20, 40, 80, 160, 320, 640, 1000, 1000], pauses);

        Assert.Equal([0], Asked(polls));
        polls.Answered(0, new EntryId(3), _now);
        Assert.Equal([0], Asked(polls));
        polls.Answered(0, new EntryId(3), _now);
        Assert.Equal((PollStep.Rest, 20), (polls.Next(_now), polls.Pause.TotalMilliseconds));
    }

    [Fact]
    public void Round_in_which_nobody_could_be_asked_ends_in_a_pause_too()
    {
        var polls = Begin(new QuorumSizes(3, 3, 2), lac: -1);
        for (var position = 0; position < 3; position++)
        {
            Assert.Equal([position], Asked(polls));
            polls.Failed(position);
        }
        Assert.Equal(PollStep.Rest, polls.Next(_now));
    }

    [Fact]
    public void Slow_bookie_has_the_next_one_asked_too_and_none_is_asked_twice_at_once()
    {
        var polls = Begin(new QuorumSizes(3, 3, 2), lac: -1);
        Assert.Equal([0], Asked(polls));
        foreach (var next in new[] { 1, 2 })
        {
            polls.Overdue();
            Assert.Equal([next], Asked(polls));
        }
        polls.Overdue();
        Assert.Empty(Asked(polls));
    }

    [Fact]
    public void L19_news_have_everybody_asked_for_what_is_newer_but_not_those_that_have_not_answered_yet()
    {
        var polls = Begin(new QuorumSizes(3, 3, 2), lac: -1);
        Assert.Equal([0], Asked(polls));
        polls.Overdue();
        Assert.Equal([1], Asked(polls));
        polls.Answered(0, new EntryId(4), _now);
        Assert.Equal(new EntryId(4), polls.Lac);
        Assert.Equal([2], Asked(polls));

        // Bookie 1 was polled before the news: its answer says nothing about newer entries, and it may be polled again.
        polls.Answered(1, new EntryId(4), _now);
        polls.Answered(2, new EntryId(4), _now);
        Assert.Equal([0], Asked(polls));
        polls.Overdue();
        Assert.Equal([1], Asked(polls));
    }

    [Fact]
    public void L19_schedules_from_a_seed_never_poll_a_bookie_twice_concurrently_never_lose_news_and_never_stall()
    {
        for (var seed = 0; seed < 2000; seed++)
            Play(new Random(seed), seed);
    }

    private void Play(Random random, int seed)
    {
        var sizes = new QuorumSizes(1 + random.Next(5), 1, 1);
        var polls = Begin(sizes, lac: -1);
        var (underWay, known, resting) = (new HashSet<int>(), s_none, false);
        for (var step = 0; step < 100; step++)
        {
            while (polls.Next(_now) is var next && next != PollStep.Wait)
            {
                if (next == PollStep.Poll)
                    Assert.True(underWay.Add(polls.Position), $"seed {seed}: bookie {polls.Position} has two polls in flight");
                resting = next == PollStep.Rest;
            }
            Assert.True(resting || underWay.Count > 0, $"seed {seed}: no poll is in flight, and no pause is running");
            _now += TimeSpan.FromMilliseconds(random.Next(400));
            switch (random.Next(6))
            {
                case 0 when resting:
                    polls.Begin(known, _now);
                    resting = false;
                    break;
                case 1:
                    polls.Overdue();
                    break;
                case 2 when underWay.Count > 0:
                    polls.Failed(Take(underWay, random));
                    break;
                default:
                    if (underWay.Count == 0)
                        break;
                    var told = new EntryId(random.Next(-1, step));
                    resting &= told <= known;
                    known = told > known ? told : known;
                    polls.Answered(Take(underWay, random), told, _now);
                    break;
            }
            Assert.Equal(known, polls.Lac);
        }
    }

    private static int Take(HashSet<int> underWay, Random random)
    {
        var position = underWay.Order().ElementAt(random.Next(underWay.Count));
        underWay.Remove(position);
        return position;
    }

    private PollMachine Begin(QuorumSizes sizes, long lac)
    {
        var polls = new PollMachine(sizes, s_longest);
        polls.Begin(new EntryId(lac), _now);
        return polls;
    }

    /// <summary>The bookies with a poll in flight.</summary>
    private List<int> Asked(PollMachine polls)
    {
        var asked = new List<int>();
        while (polls.Next(_now) == PollStep.Poll)
            asked.Add(polls.Position);
        return asked;
    }
}
