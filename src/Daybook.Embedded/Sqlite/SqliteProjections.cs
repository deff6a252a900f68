using System.Collections.Concurrent;
using Daybook.Projections;
using Daybook.Reactions;

namespace Daybook.Embedded.Sqlite;

/// <summary>
/// Read models in one SQLite file: a table of documents for each version of a projection, and its checkpoints beside it. Rows,
/// checkpoint and epoch are written in one transaction, so each event has its effect exactly once and an overtaken projector has none
/// (invariants F2, F8). After a power loss the last transactions may be gone as a whole; the projection then does them again. A higher
/// version of a projection fills tables of its own from the first event, and the lower one's are dropped when it has caught up.
/// </summary>
public sealed class SqliteProjections : IProjectionSink, ICheckpointSink, IAsyncDisposable
{
    private readonly SqliteProjectionOptions _options;
    private readonly ConcurrentDictionary<ProjectionId, IProjectionWriter> _writers = new();

    /// <summary>Names the file; it is opened by the first call that needs it.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>; the message names the option.</exception>
    public SqliteProjections(SqliteProjectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options with { Path = Path.GetFullPath(options.Path) };
        Database = new SqliteDatabase(_options);
    }

    internal SqliteDatabase Database { get; }

    /// <summary>Opens the file, for hosts that want to know immediately whether it can be used.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.NewerFormat"/>, <see cref="ErrorCode.Corrupted"/> or
    /// <see cref="ErrorCode.StoreFailed"/>; the message names the file.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken = default) =>
        await Database.Writes.RunAsync(static _ => true, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Checks the whole file: its structure, and the checksum of every document and checkpoint. Reads while projections go on.
    /// </summary>
    /// <returns>What is wrong, a sentence each, at most 100; nothing when all is sound. Move a damaged file away to have it rebuilt.</returns>
    /// <exception cref="DaybookException"><see cref="ErrorCode.NewerFormat"/>, <see cref="ErrorCode.StoreFailed"/> or <see cref="ErrorCode.Unavailable"/>:
    /// the file cannot be opened.</exception>
    public async ValueTask<IReadOnlyList<string>> VerifyAsync(CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        var session = Database.Rent();
        try
        {
            return new SqliteVerification(session, cancellationToken).Run();
        }
        finally
        {
            Database.Return(session);
        }
    }

    /// <inheritdoc/>
    public void Bind(Guid book) => Database.Book = book.ToString();

    /// <inheritdoc/>
    public IProjectionWriter Writer<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class => Of(projection);

    /// <inheritdoc/>
    public IReadModel<TDocument> ReadModel<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class => new SqliteReadModel<TDocument>(Database, Of(projection));

    /// <inheritdoc/>
    public ICheckpoints Checkpoints(string name) => new SqliteReactionCheckpoints(Database, name);

    /// <summary>Waits for the transaction under way, if any, and closes the file. Every later call fails with <see cref="ErrorCode.Closed"/>.</summary>
    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private SqliteProjectionWriter<TDocument> Of<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class
    {
        ArgumentNullException.ThrowIfNull(projection);
        var id = ProjectionId.Of(projection.GetType());
        return (SqliteProjectionWriter<TDocument>)_writers.GetOrAdd(id, _ => new SqliteProjectionWriter<TDocument>(Database, projection, _options));
    }
}
