using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Daybook.Hosting;

/// <summary>
/// Red while a partition has no owner or makes no progress, then what <see cref="ProjectionHealth"/> makes of the projections (must-hold J9).
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
        return ProjectionHealth.Check(book.Partitions, book.Projections.Registered, book.Projections.Status);
    }
}
