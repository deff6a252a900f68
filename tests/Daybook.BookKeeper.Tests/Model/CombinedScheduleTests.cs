namespace Daybook.BookKeeper.Tests.Model;

/// <summary>
/// The real pieces together under random schedules: writers, recoveries that race and die, readers that tail. A failing seed is named, and is the same run
/// again: <c>await new CombinedWorld(seed, Flaw.None).RunAsync()</c>.
/// </summary>
public sealed class CombinedScheduleTests
{
    private const int Seeds = 2000;

    [Fact]
    public async Task L1_L2_L4_L10_L11_L13_L14_L19_hold_for_writers_recoveries_and_readers_together()
    {
        var (acknowledged, changes, recovered) = (0L, 0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = await RunAsync(seed, Flaw.None);
            Assert.True(world.Violations.Count == 0, $"seed {seed}: {string.Join("; ", world.Violations)}");
            acknowledged += world.Ledgers.Sum(ledger => ledger.Acknowledged.Value + 1);
            changes += world.Ledgers.Sum(ledger => ledger.Now.Segments.Length - 1);
            recovered += world.Ledgers.Count(ledger => ledger.Recoverers.Results.Count > 0);
        }
        Assert.True(acknowledged > 5000 && changes > 500 && recovered > 1000,
            $"the schedules exercise too little: {acknowledged} acknowledged, {changes} changes, {recovered} recovered");
    }

    [Theory]
    [InlineData(Flaw.WriterIgnoresFences)]
    [InlineData(Flaw.WriterCountsFailures)]
    [InlineData(Flaw.WriterReopensWhatIsRecovered)]
    [InlineData(Flaw.WriterClosesBehindItsEnd)]
    [InlineData(Flaw.WriterClosesOverOthers)]
    [InlineData(Flaw.RecoveryReadsDoNotFence)]
    [InlineData(Flaw.RecoveryTakesSilenceForAbsence)]
    [InlineData(Flaw.RecoveryEndsAtTheLac)]
    [InlineData(Flaw.RecoveryTrustsDamage)]
    [InlineData(Flaw.RecoveryClosesOverOthers)]
    [InlineData(Flaw.ReaderTrustsDamage)]
    [InlineData(Flaw.ReaderBelievesTooMuch)]
    public async Task Schedules_find_a_flaw_of_any_piece(Flaw flaw)
    {
        var seed = 0;
        while (seed < Seeds && (await RunAsync(seed, flaw)).Violations.Count == 0)
            seed++;
        Assert.True(seed < Seeds, $"{Seeds} seeds do not notice {flaw}");
    }

    [Fact]
    public async Task Same_seed_is_the_same_run()
    {
        // How often something was drawn depends on every message and call.
        for (var seed = 0; seed < 50; seed++)
            Assert.Equal((await RunAsync(seed, Flaw.None)).Random.Next(), (await RunAsync(seed, Flaw.None)).Random.Next());
    }

    private static async Task<CombinedWorld> RunAsync(int seed, Flaw flaw)
    {
        // The context of the test runner has what follows from an answer run elsewhere and later.
        SynchronizationContext.SetSynchronizationContext(null);
        var world = new CombinedWorld(seed, flaw);
        await world.RunAsync();
        return world;
    }
}
