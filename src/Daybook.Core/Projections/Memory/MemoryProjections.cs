using System.Collections.Concurrent;
using Daybook.Reactions;

namespace Daybook.Projections.Memory;

/// <summary>Read models in memory, for tests and for what may be rebuilt at each start. Lost with the object.</summary>
public sealed class MemoryProjections : IProjectionSink, ICheckpointSink
{
    private readonly ConcurrentDictionary<ProjectionId, object> _writers = new();
    private readonly ConcurrentDictionary<string, MemoryCheckpoints> _checkpoints = new();

    /// <inheritdoc/>
    public IProjectionWriter Writer<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class => Of(projection);

    /// <inheritdoc/>
    public IReadModel<TDocument> ReadModel<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class => Of(projection);

    /// <inheritdoc/>
    public ICheckpoints Checkpoints(string name) => _checkpoints.GetOrAdd(name, static n => new MemoryCheckpoints(n));

    private MemoryProjectionWriter<TDocument> Of<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class
    {
        ArgumentNullException.ThrowIfNull(projection);
        var id = ProjectionId.Of(projection.GetType());
        return (MemoryProjectionWriter<TDocument>)_writers.GetOrAdd(id, _ => new MemoryProjectionWriter<TDocument>(projection));
    }
}
