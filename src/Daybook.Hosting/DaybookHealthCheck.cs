using Daybook.Projections;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Daybook.Hosting;

/// <summary>
/// Red while a partition has no owner or makes no progress, and while a projection is stopped; yellow while one is parked (must-hold J9).
/// The data names every partition and every projection that is not well.
/// </summary>
internal sealed class DaybookHealthCheck(HostedBook hosted) : IHealthCheck
{
    private static readonly TimeSpan s_stalled = TimeSpan.FromSeconds(10);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return Task.FromResult(Check(hosted.Opened));
        }
        catch (DaybookException e)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(e.Message));
        }
    }

    private static HealthCheckResult Check(Book book)
    {
        var sick = book.Partitions.Where(p => !p.IsOwned || p.StalledFor > s_stalled).ToDictionary(
            p => $"partition {p.Partition}",
            p => (object)(p.IsOwned ? $"has waited {p.StalledFor.TotalSeconds:F0} s for its ledger" : $"has no owner: {p.Error}"));
        if (sick.Count > 0)
            return HealthCheckResult.Unhealthy($"{sick.Count} partitions have no owner or make no progress.", data: sick);
        var parked = book.Projections.Status.Where(s => s.State is ProjectionState.Parked)
            .ToDictionary(NameOf, s => (object)(s.Error ?? "parked"));
        return parked.Count > 0
            ? HealthCheckResult.Degraded($"{parked.Count} projections are parked.", data: parked)
            : HealthCheckResult.Healthy("All partitions are owned, all projections run.");
    }

    private static string NameOf(ProjectionStatus status) =>
        $"projection {status.Projection.Name}{(status.IsCurrent ? "" : $" (build {status.Build}, not shown)")} on partition {status.Partition}";
}
