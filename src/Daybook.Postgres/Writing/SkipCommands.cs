using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Postgres.Verifying;
using Npgsql;

namespace Daybook.Postgres.Writing;

/// <summary>The statements on events that operators made a build or a reaction skip.</summary>
internal sealed class SkipCommands(BuildKey build, PostgresDatabase database)
{
    private readonly string _add =
        $"insert into {database.Schema}.skips (projection, version, build, partition, position, stream, stream_version, event) " +
        "values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";

    private readonly string _count = $"select count(*) from {database.Schema}.skips where projection = $1 and version = $2 and build = $3 and partition = $4";

    internal NpgsqlBatchCommand Add(RecordedEvent skipped)
    {
        var command = new NpgsqlBatchCommand(_add);
        foreach (var value in (object[])[
            .. Key(skipped.Position.Partition), skipped.Position.Offset.Value, Text(skipped.Stream.Value), skipped.Version.Value, Text(ShadowEvents.Describe(skipped))])
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    internal async Task<int> CountAsync(NpgsqlConnection connection, PartitionId partition, CancellationToken cancellationToken) =>
        (int)(long)(await connection.ScalarAsync(_count, cancellationToken, Key(partition)).ConfigureAwait(false))!;

    private object[] Key(PartitionId partition) => [build.Projection.Name, build.Projection.Version, build.Number, partition.Value];

    private static string Text(string value) => value.Replace('\0', ' ');
}
