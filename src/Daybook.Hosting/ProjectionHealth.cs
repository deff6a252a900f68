using Daybook.Projections;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Daybook.Hosting;

/// <summary>
/// What the projections of a book mean for its health. Red while one is stopped, was never started, has been starting or retrying for too long, or is
/// parked because its read model cannot be used. Yellow while one is parked at an event, retries, or lacks events that an operator skipped
/// (invariant J9).
/// </summary>
internal static class ProjectionHealth
{
    internal static HealthCheckResult Check(IReadOnlyList<PartitionStatus> partitions, IReadOnlyList<ProjectionId> registered, IReadOnlyList<ProjectionStatus> statuses)
    {
        var here = statuses.Where(s => partitions.Any(p => p.IsOwned && p.Partition == s.Partition)).ToList();
        var red = here.Where(IsRed).ToDictionary(NameOf, s => (object)TextOf(s));
        foreach (var (partition, projection) in
            from p in partitions where p.IsOwned from r in registered where !here.Exists(s => s.Partition == p.Partition && s.Projection == r) select (p.Partition, r))
            red[$"{NameOf(projection)} on partition {partition}"] = "was never started";
        if (red.Count > 0)
            return HealthCheckResult.Unhealthy($"{red.Count} projections do not run.", data: red);
        var yellow = here.Where(s => s.State is ProjectionState.Parked or ProjectionState.Retrying || s.Skipped > 0).ToDictionary(NameOf, s => (object)TextOf(s));
        return yellow.Count > 0
            ? HealthCheckResult.Degraded($"{yellow.Count} projections are parked, retry or lack events.", data: yellow)
            : HealthCheckResult.Healthy("All partitions are owned, all projections run.");
    }

    private static string NameOf(ProjectionId id) => id.Name.StartsWith(ProjectionId.ReactionPrefix, StringComparison.Ordinal)
        ? $"reaction {id.Name[ProjectionId.ReactionPrefix.Length..]}"
        : $"projection {id.Name}";

    private static bool IsRed(ProjectionStatus status) =>
        status.IsOverdue || status is { State: ProjectionState.Stopped } or { State: ProjectionState.Parked, ParkedAt: null };

    private static string TextOf(ProjectionStatus status) => status.State is ProjectionState.Running or ProjectionState.CatchingUp
        ? $"lacks {status.Skipped} events that were skipped; rebuild it to have them"
        : $"{status.State}: {status.Error ?? "nothing is known yet"}";

    private static string NameOf(ProjectionStatus status) =>
        $"{NameOf(status.Projection)}{(status.IsCurrent ? "" : $" (build {status.Build}, not shown)")} on partition {status.Partition}";
}
