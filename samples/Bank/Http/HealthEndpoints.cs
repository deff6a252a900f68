using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Bank.Http;

/// <summary>The health of one component.</summary>
/// <param name="Name">The name of the check.</param>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>.</param>
/// <param name="Description">The reason, in a sentence.</param>
/// <param name="Data">The faults, by name.</param>
public sealed record PartHealth(string Name, string Status, string? Description, IReadOnlyDictionary<string, string?> Data);

/// <summary>
/// <c>/health</c> and <c>/health/ready</c>: whether the bank accepts commands; 503 with the reason while it is a standby.
/// <c>/health/live</c>: whether the process runs; 200 for a standby too.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health", Of("ready"));
        app.MapHealthChecks("/health/ready", Of("ready"));
        app.MapHealthChecks("/health/live", Of("live"));
    }

    private static HealthCheckOptions Of(string tag) => new()
    {
        Predicate = check => check.Tags.Contains(tag),
        ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
            report.Entries.Select(e => PartOf(e.Key, e.Value)).ToList(), ApiJson.Options, context.RequestAborted),
    };

    private static PartHealth PartOf(string name, HealthReportEntry entry) => new(
        name, entry.Status.ToString(), entry.Description ?? entry.Exception?.Message, entry.Data.ToDictionary(d => d.Key, d => d.Value.ToString()));
}
