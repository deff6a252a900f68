namespace Daybook.Testing.Scenarios;

/// <summary>Runs a scenario under the faults of many seeds, several at a time.</summary>
internal sealed class FaultySuite(ScenarioScript script)
{
    private int _next;

    /// <exception cref="ScenarioException">One of the runs did not end as expected.</exception>
    public async Task RunAsync(int firstSeed, int seeds)
    {
        _next = firstSeed;
        using var stop = new CancellationTokenSource();
        var workers = Math.Min(seeds, Environment.ProcessorCount * 4);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(firstSeed + seeds, stop)));
    }

    /// <summary>A builder is used by one run at a time, and its handlers are compiled once.</summary>
    private async Task WorkAsync(int end, CancellationTokenSource stop)
    {
        await Task.Yield();
        var builder = script.NewBuilder();
        while (!stop.IsCancellationRequested && Interlocked.Increment(ref _next) - 1 is var seed && seed < end)
        {
            try
            {
                await using var run = new FaultyRun(script, builder, seed);
                await run.RunAsync();
            }
            catch (ScenarioException)
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }
}
