using System.Runtime.ExceptionServices;
using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Postgres.Writing;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Raw;

/// <summary>One version of a raw projection.</summary>
internal sealed class RawTarget(PostgresDatabase database, BuildKey build, IRawProjection code) : IProjectionTarget
{
    public BuildKey Build => build;

    public string Kind => "raw";

    public string Shape { get; } = ProjectionShape.Events(code.GetType());

    public string? Table => null;

    public ValueTask CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => code.CreateAsync(connection, database.SchemaInStatements, cancellationToken);

    public IPartitionFold NewFold() => new RawPartitionFold(database, build.Projection, code);

    // It creates its own tables, so a second build would collide with the first. The commands refuse one.
    public IProjectionTarget Of(BuildKey other) =>
        throw new DaybookException(ErrorCode.InvalidArgument, $"Projection {build.Projection} is raw: it creates its own tables, so it has one build per version.");
}

/// <summary>Passes batches to the projection.</summary>
internal sealed class RawPartitionFold(PostgresDatabase database, ProjectionId projection, IRawProjection code) : IPartitionFold
{
    private ProjectionBatch? _batch;

    public void Plan(ProjectionBatch batch, JournalOffset from) => _batch = batch.First >= from
        ? batch
        : batch with { First = from, Events = [.. batch.Events.Where(e => e.Recorded.Position.Offset >= from)] };

    public NpgsqlBatchCommand? Load() => null;

    public ValueTask LoadedAsync(NpgsqlDataReader rows, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask FoldAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_batch is not { Events.Count: > 0 } batch)
            return;
        try
        {
            await code.ApplyAsync(connection, database.SchemaInStatements, batch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (PostgresErrors.Within(error) is { } passing && !ReferenceEquals(passing, error) && !IsOfTheCode(passing))
        {
            ExceptionDispatchInfo.Throw(passing); // such as a conflict that Entity Framework has wrapped; the batch is repeated
        }
        catch (Exception error) when (IsOfTheCode(error))
        {
            await connection.ExecuteAsync("rollback", cancellationToken).ConfigureAwait(false);
            if (await BlameAsync(connection, error, cancellationToken).ConfigureAwait(false) is { } poison)
                throw poison;
            throw;
        }
    }

    public IEnumerable<NpgsqlBatchCommand> Writes() => [];

    public async ValueTask<PoisonEventException?> BlameAsync(NpgsqlConnection connection, Exception refused, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
        foreach (var projected in _batch!.Events)
        {
            try
            {
                await code.ApplyAsync(connection, database.SchemaInStatements, One(projected), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (IsOfTheCode(error))
            {
                return new PoisonEventException(projection.Name, projected.Recorded, error);
            }
        }
        return null;
    }

    public void Clear() => _batch = null;

    private ProjectionBatch One(ProjectedEvent projected)
    {
        var offset = projected.Recorded.Position.Offset;
        return _batch! with { First = offset, Next = offset.Plus(1), Events = [projected] };
    }

    // Conflicts, lost connections, a full disk and a server that is stopping are transient: no event is at fault.
    private static bool IsOfTheCode(Exception error) => (PostgresErrors.Within(error) ?? error) switch
    {
        PoisonEventException or OperationCanceledException => false,
        NpgsqlException npgsql => !npgsql.IsTransient && npgsql is PostgresException { SqlState: not PostgresErrorCodes.DiskFull } && !PostgresErrors.IsConflict(npgsql),
        _ => true,
    };
}
