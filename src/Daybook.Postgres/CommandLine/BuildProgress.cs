using System.Globalization;
using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Npgsql;

namespace Daybook.Postgres.CommandLine;

/// <summary>The progress of a build, over all partitions.</summary>
/// <param name="Done">Records applied.</param>
/// <param name="Head">Records in total.</param>
/// <param name="Rate">Records applied per second, recently.</param>
/// <param name="HeadRate">Records added per second, recently.</param>
/// <param name="CaughtUp">Whether every partition has reached the end of its journal.</param>
/// <param name="Parked">The fault that parked a partition; null when none is parked.</param>
internal sealed record BuildProgress(long Done, long Head, double Rate, double HeadRate, bool CaughtUp, string? Parked)
{
    internal long Left => Math.Max(0, Head - Done);

    /// <summary>The estimated time until it has caught up at the current rates; null when that is never or unknown.</summary>
    internal TimeSpan? Eta => Left == 0 ? TimeSpan.Zero : Rate > HeadRate ? TimeSpan.FromSeconds(Math.Min(Left / (Rate - HeadRate), 1e9)) : null;

    /// <inheritdoc/>
    public override string ToString()
    {
        var percent = Head == 0 ? 100 : Math.Min(100, 100.0 * Done / Head);
        var eta = CaughtUp ? "caught up" : Eta is { } left ? $"{Text(left)} left" : Rate == 0 ? "waiting for a node that runs it" : "not gaining on the journal";
        return string.Create(CultureInfo.InvariantCulture, $"{Done:N0} of {Head:N0} records ({Math.Floor(percent * 10) / 10:F1} %), {Rate:N0}/s, {eta}");
    }

    internal static async Task<BuildProgress> ReadAsync(NpgsqlConnection connection, SchemaName schema, BuildKey build, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            $"""
            with partitions as (
                select partition, max(next_offset) as reached from {schema}.checkpoints group by partition),
            heads as (
                select partition, max(head) as head, max(head_rate) as head_rate from {schema}.runs group by partition)
            select coalesce(sum(c.next_offset), 0)::bigint, coalesce(sum(greatest(h.head, p.reached)), 0)::bigint,
                coalesce(sum(r.rate), 0), coalesce(sum(h.head_rate), 0), coalesce(bool_and(coalesce(c.caught_up, false)), false),
                min(case when r.state = 'Parked' then format('partition %s is parked at offset %s: %s', p.partition, c.next_offset, r.error) end)
            from partitions p
            left join heads h using (partition)
            left join {schema}.checkpoints c on c.projection = $1 and c.version = $2 and c.build = $3 and c.partition = p.partition
            left join {schema}.runs r on r.projection = $1 and r.version = $2 and r.build = $3 and r.partition = p.partition
                and r.seen_at > now() - interval '10 seconds'
            """,
            build.Projection.Name, build.Projection.Version, build.Number);
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new BuildProgress(row.GetInt64(0), row.GetInt64(1), row.GetDouble(2), row.GetDouble(3), row.GetBoolean(4), row.IsDBNull(5) ? null : row.GetString(5));
    }

    private static string Text(TimeSpan span) => span.TotalSeconds < 90
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(span.TotalSeconds):F0} s")
        : span.TotalMinutes < 90
            ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:F0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:F1} h");
}
