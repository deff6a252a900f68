using System.Collections.Concurrent;
using Daybook.Postgres.Schema;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Writing;

/// <summary>Writes one build of a projection of any kind: its claims, its batches, and its tables.</summary>
internal sealed class PostgresProjectionWriter : IProjectionWriter
{
    private readonly PostgresDatabase _database;
    private readonly IProjectionTarget _target;
    private readonly CheckpointCommands _checkpoints;
    private readonly BatchTransaction _transaction;
    private readonly ProjectionVersions _versions;
    private readonly SkipCommands _skips;
    private readonly ConcurrentDictionary<PartitionId, PartitionWork> _partitions = new();

    internal PostgresProjectionWriter(PostgresDatabase database, IProjectionTarget target)
    {
        (_database, _target) = (database, target);
        _checkpoints = new CheckpointCommands(target.Build, database);
        _transaction = new BatchTransaction(database, target.Build, _checkpoints);
        _versions = new ProjectionVersions(database);
        _skips = new SkipCommands(target.Build, database);
    }

    public ProjectionId Projection => _target.Build.Projection;

    public int Build => _target.Build.Number;

    internal IProjectionTarget Target => _target;

    /// <summary>Creates the build's tables if they do not exist.</summary>
    /// <exception cref="DaybookException">As for <see cref="ProjectionVersions.EnsureAsync"/>.</exception>
    internal async ValueTask EnsureAsync(CancellationToken cancellationToken) => await InTransactionAsync(
        async connection =>
        {
            await _versions.EnsureAsync(connection, _target, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default)
    {
        var work = Work(partition);
        await work.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var next = await InTransactionAsync(connection => ClaimAsync(connection, partition, epoch, cancellationToken), cancellationToken).ConfigureAwait(false);
            (work.Claimed, work.Expected) = (epoch, next);
            return next;
        }
        finally
        {
            work.Turn.Release();
        }
    }

    public async ValueTask DisownAsync(PartitionId partition, Epoch epoch, JournalOffset head, CancellationToken cancellationToken = default) =>
        await InTransactionAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection) { BatchCommands = { _checkpoints.Disown(partition, epoch, head) } };
                return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);

    public ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default) =>
        InTransactionAsync(connection => _skips.CountAsync(connection, partition, cancellationToken), cancellationToken);

    public async ValueTask ApplyAsync(ProjectionBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(batch.Events, nameof(batch));
        var work = Work(batch.Partition);
        await work.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _transaction.ApplyAsync(batch, work, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            work.Expected = null;
            if (_database.Meaning(error) is var meaning && !ReferenceEquals(meaning, error))
                throw meaning;
            throw;
        }
        finally
        {
            work.Fold.Clear();
            work.Turn.Release();
        }
    }

    public async ValueTask CaughtUpAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default) =>
        await InTransactionAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection) { BatchCommands = { _checkpoints.CaughtUp(partition, epoch) } };
                if (await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1)
                    return true;
                var (_, claimed) = await _checkpoints.ReadAsync(connection, partition, cancellationToken).ConfigureAwait(false);
                throw ProjectionErrors.Stale(Projection, partition, epoch, claimed);
            },
            cancellationToken).ConfigureAwait(false);

    /// <summary>A transaction that writes and waits for the device also makes everything before it durable.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default) =>
        await InTransactionAsync(
            connection => connection.ExecuteAsync($"update {_database.Schema}.format set flushed_at = clock_timestamp() where number = 1", cancellationToken),
            cancellationToken).ConfigureAwait(false);

    private async Task<JournalOffset> ClaimAsync(NpgsqlConnection connection, PartitionId partition, Epoch epoch, CancellationToken cancellationToken)
    {
        if (!_database.AreBuildsKnown)
            throw PostgresErrors.BuildsUnknown(_database);
        await _versions.EnsureAsync(connection, _target, cancellationToken).ConfigureAwait(false);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { _checkpoints.Claim(partition, epoch) } };
        try
        {
            if (await batch.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is long next)
                return new JournalOffset(next);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrors.OfOtherBook)
        {
            throw PostgresErrors.OtherBook(_database, Projection, refused.MessageText);
        }
        var (_, claimed) = await _checkpoints.ReadAsync(connection, partition, cancellationToken).ConfigureAwait(false);
        throw ProjectionErrors.Stale(Projection, partition, epoch, claimed);
    }

    /// <summary>Runs anything other than a batch, in a transaction that always waits for the device, regardless of the options.</summary>
    private async ValueTask<T> InTransactionAsync<T>(Func<NpgsqlConnection, Task<T>> act, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync("set local synchronous_commit to on", cancellationToken).ConfigureAwait(false);
            var result = await act(connection).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
        catch (Exception error) when (!ReferenceEquals(_database.Meaning(error), error))
        {
            throw _database.Meaning(error);
        }
    }

    private PartitionWork Work(PartitionId partition) => _partitions.GetOrAdd(partition, _ => new PartitionWork(_target.NewFold()));
}
