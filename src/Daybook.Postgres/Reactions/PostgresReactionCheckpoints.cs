using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Postgres.Writing;
using Daybook.Projections;
using Daybook.Reactions;
using Npgsql;

namespace Daybook.Postgres.Reactions;

/// <summary>The progress of reactions. It is kept in the projections' checkpoint table and moved by the same function.</summary>
internal sealed class PostgresReactionCheckpoints(PostgresDatabase database, string name) : ICheckpoints
{
    private readonly string _first =
        $"insert into {database.Schema}.checkpoints (projection, version, partition, next_offset, epoch) values ($1, 1, $2, $3, 0) on conflict do nothing";

    private readonly string _claim = $"select {database.Schema}.claim($1, 1, $2, $3, 1, nullif($4, ''))";
    private readonly CheckpointCommands _checkpoints = new(new BuildKey(new ProjectionId(name, 1)), database);
    private readonly SkipCommands _skips = new(new BuildKey(new ProjectionId(name, 1)), database);
    private readonly string _advance = $"select {database.Schema}.advance($1, 1, $2, $3, $4, $5)";
    private readonly string _epoch = $"select epoch from {database.Schema}.checkpoints where projection = $1 and version = 1 and partition = $2";

    public async ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, JournalOffset first, CancellationToken cancellationToken = default)
    {
        var next = await InTransactionAsync(
            true,
            async connection =>
            {
                await connection.ExecuteAsync(_first, cancellationToken, name, partition.Value, first.Value).ConfigureAwait(false);
                return await ClaimAsync(connection, partition, epoch, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return next is long offset ? new JournalOffset(offset) : throw await StaleAsync(partition, epoch, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisownAsync(PartitionId partition, Epoch epoch, JournalOffset head, CancellationToken cancellationToken = default) =>
        await InTransactionAsync(
            true,
            connection => ExecuteAsync(connection, _checkpoints.Disown(partition, epoch, head), cancellationToken),
            cancellationToken).ConfigureAwait(false);

    public async ValueTask AdvanceAsync(PartitionId partition, Epoch epoch, JournalOffset from, JournalOffset next, CancellationToken cancellationToken = default)
    {
        try
        {
            await InTransactionAsync(
                database.Options.SynchronousCommit,
                connection => connection.ExecuteAsync(_advance, cancellationToken, name, partition.Value, epoch.Value, from.Value, next.Value),
                cancellationToken).ConfigureAwait(false);
        }
        catch (DaybookException error) when (error.InnerException is PostgresException { SqlState: PostgresErrors.Overtaken })
        {
            throw await StaleAsync(partition, epoch, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask SkipAsync(RecordedEvent skipped, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        await InTransactionAsync(
            true,
            connection => ExecuteAsync(connection, _skips.Add(skipped), cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default) =>
        InTransactionAsync(false, connection => _skips.CountAsync(connection, partition, cancellationToken), cancellationToken);

    public async ValueTask FlushAsync(CancellationToken cancellationToken = default) => await InTransactionAsync(
        true,
        connection => connection.ExecuteAsync($"update {database.Schema}.format set flushed_at = clock_timestamp() where number = 1", cancellationToken),
        cancellationToken).ConfigureAwait(false);

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<object?> ClaimAsync(NpgsqlConnection connection, PartitionId partition, Epoch epoch, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ScalarAsync(_claim, cancellationToken, name, partition.Value, epoch.Value, database.Book ?? "").ConfigureAwait(false);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrors.OfOtherBook)
        {
            throw PostgresErrors.OtherBook(database, new ProjectionId(name, 1), refused.MessageText);
        }
    }

    private async ValueTask<DaybookException> StaleAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken)
    {
        var claimed = await InTransactionAsync(
            false, connection => connection.ScalarAsync(_epoch, cancellationToken, name, partition.Value), cancellationToken).ConfigureAwait(false);
        var (id, found) = (new ProjectionId(name, 1), new Epoch(claimed is long value ? value : 0));
        // This owner's claim or an older one means that the server went back in time; no other owner has overtaken.
        return found > epoch ? ProjectionErrors.Stale(id, partition, epoch, found) : PostgresErrors.ClaimLost(id, partition, epoch, found, database);
    }

    private async ValueTask<T> InTransactionAsync<T>(bool durable, Func<NpgsqlConnection, Task<T>> act, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync($"set local synchronous_commit to {(durable ? "on" : "off")}", cancellationToken).ConfigureAwait(false);
            var result = await act(connection).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
        catch (Exception error) when (!ReferenceEquals(database.Meaning(error), error))
        {
            throw database.Meaning(error);
        }
    }
}
