using System.Collections.Concurrent;
using Daybook.Postgres.Builds;
using Daybook.Postgres.Documents;
using Daybook.Postgres.Raw;
using Daybook.Postgres.Reactions;
using Daybook.Postgres.Tables;
using Daybook.Postgres.Writing;
using Daybook.Projections;
using Daybook.Reactions;
using Microsoft.Extensions.Logging;

namespace Daybook.Postgres;

/// <summary>
/// Read models in PostgreSQL: a table for each version of a projection, in a dedicated schema that this class creates and migrates. Rows,
/// checkpoint and epoch are written in one transaction, and the statement that moves the checkpoint checks the epoch, so each event has
/// its effect exactly once and an overtaken projector has none (invariants F2, F8). A crash of the server may undo the last
/// transactions completely (<see cref="PostgresProjectionOptions.SynchronousCommit"/>); the projection then repeats them.
/// Versions are kept until an operator drops them. Many nodes can use one schema concurrently.
/// </summary>
public sealed class PostgresProjections : IProjectionSink, ICheckpointSink, ISupervisedSink, IAsyncDisposable
{
    private readonly ConcurrentDictionary<ProjectionId, PostgresProjectionWriter> _writers = new();
    private readonly ConcurrentDictionary<BuildKey, PostgresProjectionWriter> _builds = new();
    private readonly ConcurrentDictionary<ProjectionId, (Type Projection, Type Stored)> _codes = new();

    /// <summary>Names the database; the first call that needs it connects, and creates or migrates the schema.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>; the message names the option.</exception>
    public PostgresProjections(PostgresProjectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Database = new PostgresDatabase(options);
    }

    internal PostgresDatabase Database { get; }

    /// <summary>The first build of every requested projection.</summary>
    internal ICollection<PostgresProjectionWriter> Writers => _writers.Values;

    /// <summary>Connects, and creates or migrates the schema, for hosts that check early whether the database is usable.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.NewerFormat"/>: a newer version of Daybook made the schema.
    /// <see cref="ErrorCode.StoreFailed"/>: no database or user of that name, or rights are missing; the message names which.
    /// <see cref="ErrorCode.Unavailable"/>: no server answers, or it does not accept connections yet.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken = default)
    {
        using var guard = new GuardedToken(cancellationToken);
        var connection = await Database.OpenAsync(guard.Token).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Bind(Guid book) => Database.Book = book.ToString();

    /// <inheritdoc/>
    public IProjectionWriter Writer<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class => Of(projection);

    /// <inheritdoc/>
    public IReadModel<TDocument> ReadModel<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class => new PostgresReadModel<TDocument>(Database, (DocumentTarget<TDocument>)Of(projection).Target);

    /// <summary>The writing side of a table projection, for its runner.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the class has no valid <see cref="ProjectionAttribute"/>, or its row
    /// type no key or a property that no column can hold.</exception>
    public IProjectionWriter Writer<TRow>(ITableProjection<TRow> projection)
        where TRow : class => Of(projection, typeof(TRow), id => new TableTarget<TRow>(Database, new BuildKey(id), projection));

    /// <summary>The writing side of a raw projection, for its runner.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the class has no valid <see cref="ProjectionAttribute"/>.</exception>
    public IProjectionWriter Writer(IRawProjection projection) => Of(projection, typeof(IRawProjection), id => new RawTarget(Database, new BuildKey(id), projection));

    /// <inheritdoc/>
    public ICheckpoints Checkpoints(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new PostgresReactionCheckpoints(Database, name);
    }

    /// <summary>The view of the current build of a document or table projection, qualified and quoted, for use in your own
    /// statements.</summary>
    /// <exception cref="ArgumentException">The projection has no name.</exception>
    public string ViewOf(ProjectionId projection)
    {
        ArgumentException.ThrowIfNullOrEmpty(projection.Name, nameof(projection));
        return BuildKey.Qualified(Database.Schema, new BuildKey(projection).LiveView);
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> SuperviseAsync(
        ProjectionHost host, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logging);
        var supervisor = new BuildSupervisor(this, host, time, logging.CreateLogger<PostgresProjections>());
        using var guard = new GuardedToken(cancellationToken);
        await supervisor.StartAsync(guard.Token).ConfigureAwait(false);
        return supervisor;
    }

    /// <summary>Closes the connections. Every later call fails with <see cref="ErrorCode.Closed"/>.</summary>
    public ValueTask DisposeAsync() => Database.DisposeAsync();

    /// <summary>The writing side of a build of a requested projection.</summary>
    internal PostgresProjectionWriter BuildOf(PostgresProjectionWriter first, BuildKey build) =>
        build == first.Target.Build ? first : _builds.GetOrAdd(build, key => new PostgresProjectionWriter(Database, first.Target.Of(key)));

    private PostgresProjectionWriter Of<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class => Of(projection, typeof(TDocument), id => new DocumentTarget<TDocument>(Database, new BuildKey(id), projection));

    private PostgresProjectionWriter Of(object projection, Type stored, Func<ProjectionId, IProjectionTarget> target)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var (type, id) = (projection.GetType(), ProjectionId.Of(projection.GetType()));
        foreach (var other in _writers.Keys)
            BuildKey.RequireApart(id, other);
        var writer = _writers.GetOrAdd(id, key => new PostgresProjectionWriter(Database, target(key)));
        var code = _codes.GetOrAdd(id, (type, stored));
        return code == (type, stored) ? writer : throw new DaybookException(ErrorCode.InvalidArgument,
            $"The class {type.Name}, which keeps {stored.Name}, and the class {code.Projection.Name}, which keeps {code.Stored.Name}, are both projection {id}; " +
            "give each class and each kind of read model a different name.");
    }
}
