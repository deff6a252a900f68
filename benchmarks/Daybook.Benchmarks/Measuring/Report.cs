using System.Globalization;
using System.Text.Json;

namespace Daybook.Benchmarks.Measuring;

/// <summary>One line of results: named figures in a stable order, as text or as JSON.</summary>
internal sealed class Report(string scenario, bool json)
{
    private readonly List<KeyValuePair<string, object>> _figures = [new("scenario", scenario)];

    /// <summary>Adds a figure; the key is in snake case and never changes its meaning.</summary>
    public Report Add(string key, double value)
    {
        _figures.Add(new(key, double.Round(value, Math.Abs(value) < 100 ? 3 : 0)));
        return this;
    }

    /// <summary>Adds a name.</summary>
    public Report Add(string key, string value)
    {
        _figures.Add(new(key, value));
        return this;
    }

    /// <summary>Adds what a closed loop achieved.</summary>
    public Report Add(LoadResult load) => Add("ops_per_s", load.PerSecond)
        .Add("p50_us", load.P50)
        .Add("p99_us", load.P99)
        .Add("cpu_cores", load.CpuSeconds / load.Seconds)
        .Add("cpu_us_per_op", load.CpuSeconds * 1e6 / load.Operations)
        .Add("allocated_bytes_per_op", (double)load.AllocatedBytes / load.Operations)
        .Add("gc_pause_share", load.PausedSeconds / load.Seconds);

    public void Print()
    {
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(_figures.ToDictionary(f => f.Key, f => f.Value)));
        else
            Console.WriteLine(string.Join("  ", _figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key}={f.Value}"))));
    }
}
