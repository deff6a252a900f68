using System.Diagnostics.CodeAnalysis;
using Daybook.Postgres.Builds;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Writing;

/// <summary>
/// The transaction of a batch, in two round trips: begin, read checkpoint and rows; fold in memory; advance the checkpoint, write rows,
/// commit. It is REPEATABLE READ: a transaction that changes a row changed by another since it was read fails, and is repeated. So
/// partitions may share rows, even across nodes, and no row is locked while the projection's code runs.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle has nothing to dispose.")]
internal sealed class BatchTransaction(PostgresDatabase database, BuildKey build, CheckpointCommands checkpoints)
{
    private const int CarefulBatches = 64;

    private readonly SkipCommands _skips = new(build, database);
    private readonly SemaphoreSlim _oneByOne = new(1);
    private int _careful;

    /// <summary>Applies a batch, or finds that it has already been applied. The caller holds the partition's turn and clears the fold
    /// afterwards.</summary>
    internal async ValueTask ApplyAsync(ProjectionBatch batch, PartitionWork work, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            // Partitions that conflicted in a row will conflict again, so this node runs them one by one for a while. Other nodes still
            // conflict, and retry.
            var careful = Volatile.Read(ref _careful) > 0 && Interlocked.Decrement(ref _careful) >= 0;
            if (careful)
                await _oneByOne.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (await TryApplyAsync(batch, work, cancellationToken).ConfigureAwait(false))
                    return;
            }
            catch (PostgresException conflict) when (PostgresErrors.IsConflict(conflict) && attempt < database.Options.ConflictRetries)
            {
                Volatile.Write(ref _careful, CarefulBatches);
            }
            finally
            {
                if (careful)
                    _oneByOne.Release();
            }
            work.Fold.Clear();
        }
    }

    /// <summary>False when the batch must be repeated: the checkpoint was not the expected one (it is now known), or the batch must be
    /// split.</summary>
    private async ValueTask<bool> TryApplyAsync(ProjectionBatch batch, PartitionWork work, CancellationToken cancellationToken)
    {
        var from = work.Expected ?? batch.First;
        var poison = Plan(batch, work, from);
        await using var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        var (next, epoch) = await BeginAsync(connection, batch, poison is null ? work.Fold : null, cancellationToken).ConfigureAwait(false);
        Check(batch, work, next, epoch);
        work.Expected = next;
        if (batch.Next <= next)
            return true;
        if (next != from)
            return false;
        if (poison is not null)
            throw poison;
        await work.Fold.FoldAsync(connection, cancellationToken).ConfigureAwait(false);
        // The point of no return: from here on the token has no effect.
        if (!await CommitAsync(connection, batch, work, next).ConfigureAwait(false))
            return false;
        work.Expected = batch.Next;
        return true;
    }

    // An event is poison only for the current owner and only after the checkpoint, so the checkpoint is read first.
    private static PoisonEventException? Plan(ProjectionBatch batch, PartitionWork work, JournalOffset from)
    {
        try
        {
            work.Fold.Plan(batch, from);
            return null;
        }
        catch (PoisonEventException poison)
        {
            return poison;
        }
    }

    private async ValueTask<(JournalOffset Next, Epoch Epoch)> BeginAsync(
        NpgsqlConnection connection, ProjectionBatch batch, IPartitionFold? fold, CancellationToken cancellationToken)
    {
        await using var begin = new NpgsqlBatch(connection) { BatchCommands = { new("begin isolation level repeatable read") } };
        if (!database.Options.SynchronousCommit)
            begin.BatchCommands.Add(new("set local synchronous_commit to off"));
        begin.BatchCommands.Add(checkpoints.Read(batch.Partition));
        var load = fold?.Load();
        if (load is not null)
            begin.BatchCommands.Add(load);
        await using var reader = await begin.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var row = await CheckpointCommands.RowAsync(reader, cancellationToken).ConfigureAwait(false);
        if (load is not null && await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
            await fold!.LoadedAsync(reader, cancellationToken).ConfigureAwait(false);
        return row;
    }

    private void Check(ProjectionBatch batch, PartitionWork work, JournalOffset next, Epoch epoch)
    {
        if (epoch < batch.Epoch && work.Claimed == batch.Epoch)
            throw PostgresErrors.ClaimLost(build.Projection, batch.Partition, batch.Epoch, epoch, database);
        if (epoch != batch.Epoch)
            throw ProjectionErrors.Stale(build.Projection, batch.Partition, batch.Epoch, epoch);
        if (batch.First > next)
            throw ProjectionErrors.Gap(build.Projection, batch, next);
    }

    private async ValueTask<bool> CommitAsync(NpgsqlConnection connection, ProjectionBatch batch, PartitionWork work, JournalOffset from)
    {
        await using var commit = new NpgsqlBatch(connection) { BatchCommands = { checkpoints.Advance(batch, from) } };
        foreach (var write in work.Fold.Writes())
            commit.BatchCommands.Add(write);
        foreach (var skipped in batch.Skipped)
            commit.BatchCommands.Add(_skips.Add(skipped));
        commit.BatchCommands.Add(new("commit"));
        try
        {
            await commit.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrors.Overtaken)
        {
            // Not observed, because REPEATABLE READ reports a conflict first; the statement still decides.
            throw ProjectionErrors.Stale(build.Projection, batch.Partition, batch.Epoch, batch.Epoch);
        }
        catch (PostgresException refused) when (PostgresErrors.IsBadValue(refused))
        {
            await RollBackAsync(connection).ConfigureAwait(false);
            if (work.Fold.TakeApart())
                return false;
            if (await work.Fold.BlameAsync(connection, refused, CancellationToken.None).ConfigureAwait(false) is { } poison)
                throw poison;
            throw;
        }
    }

    private static async ValueTask RollBackAsync(NpgsqlConnection connection)
    {
        await using var rollback = new NpgsqlCommand("rollback", connection);
        await rollback.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
