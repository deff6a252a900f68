using Daybook.Projections;

namespace Daybook.Embedded.Sqlite;

/// <summary>One version of a projection in SQLite.</summary>
internal sealed class SqliteProjectionWriter<TDocument> : IProjectionWriter
    where TDocument : class
{
    private readonly SqliteDatabase _database;
    private readonly SqliteCheckpoints _checkpoints;

    internal SqliteProjectionWriter(SqliteDatabase database, IDocumentProjection<TDocument> projection, SqliteProjectionOptions options)
    {
        _database = database;
        Projection = ProjectionId.Of(projection.GetType());
        Documents = new SqliteDocuments<TDocument>(Projection, projection, options);
        _checkpoints = new SqliteCheckpoints(Projection, database);
    }

    public ProjectionId Projection { get; }

    internal SqliteDocuments<TDocument> Documents { get; }

    public ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default) =>
        _database.Writes.RunAsync(
            scope =>
            {
                SqliteSchema.CreateTable(scope.Session, Projection);
                SqliteContents.Check(scope.Session, Projection, _database.Path);
                return _checkpoints.Claim(scope.Session, partition, epoch);
            },
            cancellationToken);

    public async ValueTask DisownAsync(PartitionId partition, Epoch epoch, JournalOffset head, CancellationToken cancellationToken = default) =>
        await _database.Writes.RunAsync(scope => _checkpoints.Disown(scope.Session, partition, epoch, head), cancellationToken).ConfigureAwait(false);

    public ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default) =>
        _database.Writes.RunAsync(scope => _checkpoints.Skipped(scope.Session, partition), cancellationToken);

    public async ValueTask ApplyAsync(ProjectionBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(batch.Events, nameof(batch));
        await _database.Writes.RunAsync(scope => Apply(scope, batch), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask CaughtUpAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default) =>
        await _database.Writes.RunAsync(
            scope =>
            {
                _checkpoints.MarkCaughtUp(scope.Session, partition, epoch);
                return DropOutdated(scope.Session);
            },
            cancellationToken).ConfigureAwait(false);

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _database.FlushAsync();

    /// <summary>Makes the table for readers that come before the first start.</summary>
    internal async ValueTask CreateTableAsync(CancellationToken cancellationToken) =>
        await _database.Writes.RunAsync(
            scope =>
            {
                SqliteSchema.CreateTable(scope.Session, Projection);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    private bool Apply(SqliteTransactionScope scope, ProjectionBatch batch)
    {
        var next = _checkpoints.Claimed(scope.Session, batch.Partition, batch.Epoch).Next;
        if (batch.First > next)
            throw ProjectionErrors.Gap(Projection, batch, next);
        if (batch.Next <= next)
            return false;
        scope.WriteLater(Documents);
        Documents.Fold(scope.Session, batch, next);
        _checkpoints.Advance(scope.Session, batch, next);
        return true;
    }

    private int DropOutdated(SqliteSession session)
    {
        var versions = _checkpoints.Outdated(session);
        foreach (var version in versions)
        {
            session.Execute($"DROP TABLE IF EXISTS {SqliteSchema.TableOf(Projection.Name, version)}");
            SqliteContents.Remove(session, SqliteSchema.TableOf(Projection.Name, version));
            _checkpoints.Remove(session, version);
        }
        return versions.Count;
    }
}
