using System.Globalization;
using Daybook.Postgres.Builds;

namespace Daybook.Postgres.CommandLine;

/// <summary>Formats the runs of a build: a line for each partition, but one line for a fault that several share.</summary>
internal static class RunLines
{
    /// <param name="build">The build.</param>
    /// <param name="shown">The build of its projection that is shown; null for a reaction, which has no builds.</param>
    /// <param name="runs">Its runs, by partition.</param>
    internal static IEnumerable<string> Of(BuildKey build, BuildKey? shown, List<RunRow> runs)
    {
        var isReplaced = shown is { } other && other.Projection.Version > build.Projection.Version && runs.TrueForAll(r => r.IsSilent);
        foreach (var fault in runs.GroupBy(FaultOf))
        {
            RunRow[] same = [.. fault];
            yield return same.Length == 1
                ? $"  partition {same[0].Partition}: {At(same[0])}{Rest(build, same, isReplaced)}"
                : $"  partitions {string.Join(", ", same.Select(r => r.Partition))}: {same[0].State}{Rest(build, same, isReplaced)}";
        }
        if (isReplaced)
            yield return $"    Version {shown!.Value.Projection.Version} has replaced it. " +
                $"To remove it: projections drop {build.Projection.Name} --version {build.Projection.Version}";
    }

    /// <summary>A key that is equal for runs that share a line.</summary>
    private static (PartitionId Partition, string? State, string? Error, bool IsSilent) FaultOf(RunRow run) =>
        run.Error is null || run.ParkedAt is not null ? (run.Partition, null, null, false) : (default, run.State, run.Error, run.IsSilent);

    private static string At(RunRow run) => string.Create(CultureInfo.InvariantCulture, $"{run.State ?? "not started"} at {run.Checkpoint:N0} of {run.Head:N0}");

    private static string Rest(BuildKey build, RunRow[] same, bool isReplaced)
    {
        var (run, text) = (same[0], "");
        if (run.IsSilent)
            text += run.Node is null ? "; no node runs it" : string.Create(CultureInfo.InvariantCulture, $"; {run.Node}, which ran it, last reported {run.Age:F0} s ago");
        if (same.Sum(r => r.Skipped) is > 0 and var skipped)
            text += $"; {skipped} events skipped";
        if (run.Error is not null)
            text += $"\n    {run.Error.ReplaceLineEndings("\n    ")}";
        return run.IsParked && !isReplaced ? $"{text}\n    {Advice(build, same)}" : text;
    }

    private static string Advice(BuildKey build, RunRow[] same)
    {
        var (run, which) = (same[0], build.Number == 1 ? "" : $" --build {build.Number}");
        var retry = same.Length == 1 ? $"projections retry {build.Projection.Name} {run.Partition}{which}" : $"projections unpark {build.Projection.Name}";
        return run.ParkedAt is null
            ? $"Cure the cause, then: {retry}"
            : $"Event: {run.ParkedEvent}\n    Cure the cause, then: {retry}; or leave the event out: projections skip {build.Projection.Name} {run.Position}{which}";
    }
}
