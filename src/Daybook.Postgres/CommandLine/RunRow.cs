using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.CommandLine;

/// <summary>The run of a build on a partition: the last state that its node published, and its current checkpoint.</summary>
/// <param name="Build">Projection, version and number of the build.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Checkpoint">The offset of the first record not yet applied.</param>
/// <param name="Head">The end of the journal; the checkpoint when no node has reported.</param>
/// <param name="State">Its state; null when no node has reported.</param>
/// <param name="Error">The fault, if any.</param>
/// <param name="ParkedAt">The offset of the event at which it is parked; null when it is not parked at an event.</param>
/// <param name="ParkedEvent">A description of that event.</param>
/// <param name="Skipped">How many events operators have skipped.</param>
/// <param name="Node">The node that runs it.</param>
/// <param name="Age">Seconds since its node's last report.</param>
internal sealed record RunRow(
    (ProjectionId Projection, int Number) Build, PartitionId Partition, long Checkpoint, long Head, string? State, string? Error, long? ParkedAt, string? ParkedEvent,
    int Skipped, string? Node, double Age)
{
    private const double SilentSeconds = 10;

    internal bool IsParked => State == nameof(ProjectionState.Parked);

    /// <summary>Whether its node, which reports every second, has been silent for a while.</summary>
    internal bool IsSilent => State is null || Age > SilentSeconds;

    internal Position Position => new(Partition, new JournalOffset(ParkedAt ?? Checkpoint));

    internal static async Task<List<RunRow>> ReadAsync(NpgsqlConnection connection, SchemaName schema, string projection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            $"""
            select c.version, c.build, c.partition, c.next_offset, coalesce(greatest(r.head, c.next_offset), c.next_offset), r.state, r.error, r.parked_at, r.parked_event,
                (select count(*) from {schema}.skips s where s.projection = c.projection and s.version = c.version and s.build = c.build and s.partition = c.partition)::integer,
                r.node, coalesce(extract(epoch from now() - r.seen_at), 0)::double precision
            from {schema}.checkpoints c left join {schema}.runs r using (projection, version, build, partition)
            where projection = $1 order by 1, 2, 3
            """,
            projection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var runs = new List<RunRow>();
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            runs.Add(new RunRow(
                (new ProjectionId(projection, row.GetInt32(0)), row.GetInt32(1)), new PartitionId(row.GetInt32(2)), row.GetInt64(3), row.GetInt64(4), Text(row, 5), Text(row, 6),
                row.IsDBNull(7) ? null : row.GetInt64(7), Text(row, 8), row.GetInt32(9), Text(row, 10), row.GetDouble(11)));
        return runs;
    }

    internal bool IsOf(BuildKey build) => Build == (build.Projection, build.Number);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
