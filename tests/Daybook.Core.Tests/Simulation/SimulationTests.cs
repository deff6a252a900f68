using Xunit.Abstractions;

namespace Daybook.Core.Tests.Simulation;

/// <summary>Runs seeds. A run that fails names its seed; put it into <see cref="Failing_seed_runs_again"/> to look at it.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Set DAYBOOK_SEEDS to look further.</summary>
    private static readonly int s_seeds = int.TryParse(Environment.GetEnvironmentVariable("DAYBOOK_SEEDS"), out var seeds) ? seeds : 300;

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void T13_histories_under_crashes_takeovers_and_retries_are_strictly_serializable(bool ordered, bool reliable)
    {
        var count = new SimulationCount();
        for (var seed = 0; seed < s_seeds; seed++)
            count.Add(Runs.Check(seed, new SimulationSettings(ordered, reliable)));
        output.WriteLine($"{s_seeds} seeds: {count}");
        Assert.True(count.Crashes > s_seeds && count.Duplicates > s_seeds && count.FromRecoveryPoint > s_seeds, count.ToString());
    }

    [Theory]
    [InlineData(0, true, true)]
    public void Failing_seed_runs_again(int seed, bool ordered, bool reliable) => Runs.Check(seed, new SimulationSettings(ordered, reliable));

    [Fact]
    public void Same_seed_gives_the_same_run()
    {
        var settings = new SimulationSettings(Ordered: false, Reliable: false);
        Assert.Equal(Runs.Check(1, settings).ToString(), Runs.Check(1, settings).ToString());
    }
}

internal static class Runs
{
    public static SimulationCount Check(int seed, SimulationSettings settings)
    {
        var simulation = new Simulation(seed, settings);
        try
        {
            simulation.Run();
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"seed {seed}, {settings}: step {simulation.Count.Steps}: {e}");
        }
        Assert.True(simulation.Violations.Count == 0, $"seed {seed}, {settings}:\n{string.Join('\n', simulation.Violations)}");
        return simulation.Count;
    }

    /// <summary>The first seed whose run a checker objects to; null when none does.</summary>
    public static (int Seed, string Violation)? Find(int seeds, SimulationSettings settings)
    {
        for (var seed = 0; seed < seeds; seed++)
        {
            var simulation = new Simulation(seed, settings);
            simulation.Run();
            if (simulation.Violations.Find(violation => violation.Contains(FinalCheck.ByHistory, StringComparison.Ordinal)) is { } found)
                return (seed, found);
        }
        return null;
    }
}
