namespace Daybook.BookKeeper.Tests.Recovering;

public sealed class RecoveryScheduleTests
{
    private const int Seeds = 3000;

    [Fact]
    public void L10_two_recoveries_a_writer_and_lossy_bookies_agree_on_any_schedule()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var violation = new RecoverySchedule(seed, SeededBug.None).Run();
            Assert.True(violation is null, $"Seed {seed}: {violation}");
        }
    }

    [Theory]
    [InlineData(SeededBug.ReadsDoNotFence, "was acknowledged")]
    [InlineData(SeededBug.FencesNobody, "was acknowledged")]
    [InlineData(SeededBug.SilenceIsNegative, "was acknowledged")]
    [InlineData(SeededBug.OneNegativeDecides, "was acknowledged")]
    [InlineData(SeededBug.FailedAddsCount, "copies")]
    [InlineData(SeededBug.ForgetsWhereTheLastFragmentStarts, "copies")]
    [InlineData(SeededBug.WritesEnsembleChangesAtOnce, "metadata were written")]
    [InlineData(SeededBug.ClosesOverOthers, "metadata were written")]
    internal void Schedules_find_a_seeded_bug(SeededBug bug, string broken)
    {
        var isFound = Enumerable.Range(0, Seeds).Any(seed => new RecoverySchedule(seed, bug).Run()?.Contains(broken, StringComparison.Ordinal) == true);

        Assert.True(isFound, $"{Seeds} seeds do not notice {bug}");
    }
}
