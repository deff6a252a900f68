namespace Daybook.Benchmarks.Scenarios;

/// <summary>One thing to measure.</summary>
internal interface IScenario
{
    /// <summary>Measures and prints; the last line is the headline.</summary>
    /// <param name="arguments">What the command line asks for.</param>
    /// <param name="folder">An empty folder on the device to be measured.</param>
    Task RunAsync(BenchmarkArguments arguments, string folder);
}
