using Daybook.Postgres.Builds;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Writing;

/// <summary>The statements on checkpoints of one build of a projection. Those that write check the epoch themselves (invariant
/// F2).</summary>
internal sealed class CheckpointCommands(BuildKey build, PostgresDatabase database)
{
    private const string Row = "projection = $1 and version = $2 and partition = $3 and build = $4";

    private readonly string _read = $"select next_offset, epoch from {database.Schema}.checkpoints where {Row}";
    private readonly string _advance = $"select {database.Schema}.advance($1, $2, $3, $5, $6, $7, $4)";
    private readonly string _claim = $"select {database.Schema}.claim($1, $2, $3, $5, $4, $6)";
    private readonly string _disown = $"update {database.Schema}.checkpoints set book = $6 where {Row} and epoch = $5";
    private readonly string _caughtUp = $"update {database.Schema}.checkpoints set caught_up = true where {Row} and epoch = $5";

    internal NpgsqlBatchCommand Read(PartitionId partition) => At(_read, partition);

    /// <summary>Raises the epoch; returns the checkpoint, or null when a later owner has claimed the partition.</summary>
    internal NpgsqlBatchCommand Claim(PartitionId partition, Epoch epoch)
    {
        var claim = At(_claim, partition, epoch.Value);
        claim.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = database.Book, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return claim;
    }

    /// <summary>Advances the checkpoint; fails with <see cref="PostgresErrors.Overtaken"/> when the epoch or the checkpoint
    /// differs.</summary>
    internal NpgsqlBatchCommand Advance(ProjectionBatch batch, JournalOffset from) =>
        At(_advance, batch.Partition, batch.Epoch.Value, from.Value, batch.Next.Value);

    /// <summary>Lets every later claim find another book's checkpoint.</summary>
    internal NpgsqlBatchCommand Disown(PartitionId partition, Epoch epoch, JournalOffset head)
    {
        var disown = At(_disown, partition, epoch.Value);
        disown.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ProjectionErrors.LostFrom(database.Book, head) });
        return disown;
    }

    internal NpgsqlBatchCommand CaughtUp(PartitionId partition, Epoch epoch) => At(_caughtUp, partition, epoch.Value);

    internal async ValueTask<(JournalOffset Next, Epoch Epoch)> ReadAsync(NpgsqlConnection connection, PartitionId partition, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Read(partition) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await RowAsync(reader, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The row of <see cref="Read"/>; epoch 0 when no owner has claimed the partition.</summary>
    internal static async ValueTask<(JournalOffset Next, Epoch Epoch)> RowAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? (new JournalOffset(reader.GetInt64(0)), new Epoch(reader.GetInt64(1)))
            : default;

    private NpgsqlBatchCommand At(string sql, PartitionId partition, params ReadOnlySpan<long> rest)
    {
        var command = new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = build.Projection.Name },
                new NpgsqlParameter<int> { TypedValue = build.Projection.Version },
                new NpgsqlParameter<int> { TypedValue = partition.Value },
                new NpgsqlParameter<int> { TypedValue = build.Number },
            },
        };
        foreach (var value in rest)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }
}
