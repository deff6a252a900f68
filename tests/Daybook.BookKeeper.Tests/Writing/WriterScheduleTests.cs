namespace Daybook.BookKeeper.Tests.Writing;

/// <summary>
/// Random schedules: messages lost, late and out of order, bookies replaced or not, metadata changed by others, lost and unavailable, recoveries.
/// At every acknowledgement: order, and as many copies in the write set of the metadata as the ack quorum requires. At the end: every
/// append has ended.
/// </summary>
public sealed class WriterScheduleTests
{
    private const int Steps = 250;

    [Fact]
    public void L2_L4_L12_L13_L14_hold_under_random_schedules()
    {
        var (acknowledged, changes, recoveries, closes, failures) = (0L, 0, 0, 0, 0);
        for (var seed = 0; seed < 3000; seed++)
        {
            var world = new WriterWorld(seed);
            world.Run(Steps);
            Assert.True(world.Violations.Count == 0, $"seed {seed}: {string.Join("; ", world.Violations)}");
            acknowledged += world.Acknowledged.Value + 1;
            changes += world.Segments - 1;
            recoveries += world.WasRecovered ? 1 : 0;
            closes += world.IsClosed ? 1 : 0;
            failures += world.Failure is not null ? 1 : 0;
        }
        Assert.True(acknowledged > 30_000 && changes > 1000 && recoveries > 500 && closes > 300 && failures > 300,
            $"the schedules exercise too little: {acknowledged} acknowledged, {changes} changes, {recoveries} recoveries, {closes} closes, {failures} failures");
    }

    [Theory]
    [InlineData(WriterFlaw.LateAnswersCount)]
    [InlineData(WriterFlaw.ResendsAreSkipped)]
    [InlineData(WriterFlaw.ChangesAreAdoptedBeforeTheyAreWritten)]
    [InlineData(WriterFlaw.FencesAreIgnored)]
    [InlineData(WriterFlaw.OrderIsMixedUp)]
    public void The_checker_finds_a_seeded_flaw(WriterFlaw flaw)
    {
        var found = Enumerable.Range(0, 1000).Any(seed =>
        {
            var world = new WriterWorld(seed, flaw);
            world.Run(Steps);
            return world.Violations.Count > 0;
        });
        Assert.True(found, $"{flaw} went unnoticed in 1000 schedules");
    }
}
