using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Daybook.Hosting;

/// <summary>
/// Whether the book can serve: red while a partition is not owned here or makes no progress, while the read models are not open, and while a
/// projection is stopped; yellow while one is parked (J9). The data name every partition and every projection that is not well, and
/// the process that owns the book where that is known.
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
        var partitions = book.Partitions;
        var sick = partitions.Where(p => !p.IsOwned || p.StalledFor > s_stalled).ToDictionary(
            p => $"partition {p.Partition}", p => (object)(p.IsOwned ? $"has waited {p.StalledFor.TotalSeconds:F0} s for its ledger" : $"is not owned here: {p.Error}"));
        if (partitions.FirstOrDefault(p => p.OwnedBy is not null) is { OwnedBy: { } owner })
            sick["owner"] = owner;
        if (sick.Count > 0)
            return HealthCheckResult.Unhealthy(
                $"{sick.Count(s => s.Key != "owner")} of {partitions.Count} partitions are not owned here or make no progress. {Reason(partitions)}", data: sick);
        return book.ReadModelsError is { } error
            ? HealthCheckResult.Unhealthy(error)
            : ProjectionHealth.Check(partitions, book.Projections.Registered, book.Projections.Status);
    }

    private static string? Reason(IReadOnlyList<PartitionStatus> partitions) => partitions.FirstOrDefault(p => !p.IsOwned)?.Error;
}

/// <summary>Whether the process runs its book at all, be it as a standby. Red means that only a new start can help.</summary>
internal sealed class DaybookLiveCheck(HostedBook hosted) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return Task.FromResult(hosted.Opened.Partitions.All(p => p.IsOwned)
                ? HealthCheckResult.Healthy("The book is owned here.")
                : HealthCheckResult.Healthy("The book stands by."));
        }
        catch (DaybookException e)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(e.Message));
        }
    }
}
