using Xunit.Abstractions;

namespace Daybook.Core.Tests.Simulation;

/// <summary>A checker that finds nothing proves nothing: each of these bugs is found by what clients saw alone.</summary>
public sealed class SeededBugTests(ITestOutputHelper output)
{
    private const int Seeds = 400;

    [Theory]
    [InlineData(SeededBug.SkippedFlush, true, true)]
    [InlineData(SeededBug.SkippedFlush, false, true)]
    [InlineData(SeededBug.DroppedFence, false, false)]
    [InlineData(SeededBug.ReplyBeforeDurability, true, true)]
    [InlineData(SeededBug.ReplyBeforeDurability, false, true)]
    [InlineData(SeededBug.ReadBeforeDurability, false, true)]
    [InlineData(SeededBug.AppliedTwice, true, true)]
    [InlineData(SeededBug.LegLost, true, true)]
    [InlineData(SeededBug.LegLost, false, false)]
    [InlineData(SeededBug.DecisionForgotten, false, true)]
    [InlineData(SeededBug.ParticipantUnlocksEarly, true, true)]
    [InlineData(SeededBug.HomeUnlocksEarly, true, true)]
    [InlineData(SeededBug.VoteBeforePrepare, false, true)]
    [InlineData(SeededBug.CommitBeforeDecision, false, true)]
    public void T13_seeded_bug_is_found_by_the_history_checkers(SeededBug bug, bool ordered, bool reliable)
    {
        var settings = new SimulationSettings(ordered, reliable) { Bug = bug };
        if (bug == SeededBug.ReadBeforeDurability)
            settings = settings with { PlainReads = 0.6, Clients = 8, Intents = 40 };
        var found = Runs.Find(Seeds, settings);
        Assert.True(found is not null, $"{Seeds} seeds with {bug} looked right to the checkers.");
        output.WriteLine($"{bug}: found by seed {found.Value.Seed}: {found.Value.Violation}");
    }
}
