using Daybook.Benchmarks.Measuring;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>
/// What an idle stream costs: known to its partition, its state not cached. The command window and the state cache are set to their least,
/// since they do not grow with the number of streams.
/// </summary>
internal sealed class MemoryScenario : IScenario
{
    private const int Streams = 1_000_000;

    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        await using var book = await BenchmarkBook.OpenAsync(Path.Combine(folder, "book"), arguments, options =>
            (options.CommandWindow, options.CachedStates, options.RecoveryPointEvery) = (1000, 16, int.MaxValue));
        await Filling.RunAsync(book, 10_000, 10_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Filling.RunAsync(book, Streams, Streams);
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / (Streams - 10_000);
        new Report("memory", arguments.Json).Add("streams", Streams).Add("bytes_per_idle_stream", bytes)
            .Add("fdatasync_p50_us", DeviceProbe.FdatasyncP50(folder)).Print();
    }
}
