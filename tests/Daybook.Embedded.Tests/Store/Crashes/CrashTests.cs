using Daybook.Testing.Faults;

namespace Daybook.Embedded.Tests.Store.Crashes;

public sealed class CrashTests
{
    private const int Lives = 8;
    private const int Steps = 60;

    /// <summary>Raise it by the environment for a longer search.</summary>
    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("DAYBOOK_CRASH_SEEDS"), out var seeds) ? seeds : 200;

    [Fact]
    public async Task S1_S2_L22_acknowledged_entries_outlive_crashes_in_order()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var found = await FindViolationAsync(new CrashScenario(seed));
            Assert.True(found is null, $"seed {seed}: {found}");
        }
    }

    [Fact]
    public async Task Skipped_fsync_is_found()
    {
        var found = await FindAnyAsync(seed =>
        {
            var scenario = new CrashScenario(seed);
            scenario.Faults.LyingSync = true;
            return scenario;
        });
        Assert.NotNull(found);
        Assert.True(found is DaybookException || found.Message.Contains("S1", StringComparison.Ordinal), found.Message);
    }

    [Fact]
    public async Task Dropped_fence_is_found()
    {
        var found = await FindAnyAsync(seed => new CrashScenario(seed) { Decorate = store => new FaultyLedgerStore(store) { DropFence = true } });
        Assert.Contains("F1", found?.Message, StringComparison.Ordinal);
    }

    private static async Task<Exception?> FindAnyAsync(Func<int, CrashScenario> scenario)
    {
        for (var seed = 0; seed < 200; seed++)
            if (await FindViolationAsync(scenario(seed)) is { } found)
                return found;
        return null;
    }

    private static async Task<Exception?> FindViolationAsync(CrashScenario scenario)
    {
        try
        {
            await scenario.RunAsync(Lives, Steps);
            return null;
        }
        catch (Exception found) when (found is ModelViolationException or DaybookException { Code: ErrorCode.Corrupted })
        {
            return found;
        }
    }
}
