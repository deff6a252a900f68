namespace Daybook.Projections;

/// <summary>
/// A read model as a pure fold: documents by key. The same class runs on every sink (memory, SQLite, Postgres). Rows and checkpoint are
/// written in one transaction, so each event has its effect exactly once (invariant F8). Events of several partitions may meet in one
/// document; their order is then any that keeps the order of each partition. Carries <see cref="ProjectionAttribute"/>.
/// </summary>
/// <remarks>A projection that throws, or returns a bad key, is parked at the event, see <see cref="PoisonEventException"/>.</remarks>
/// <typeparam name="TDocument">A plain record that System.Text.Json can write.</typeparam>
public interface IDocumentProjection<TDocument>
    where TDocument : class
{
    /// <summary>
    /// The keys of the documents that the event changes; none when it is of no concern here. Pure. A key has 1 to
    /// <see cref="ProjectionId.MaxKeyLength"/> characters, none of them U+0000 or half a surrogate pair; one that is named twice counts
    /// once. An event has at most 100,000.
    /// </summary>
    IEnumerable<string> KeysOf(ProjectedEvent projected);

    /// <summary>The document after the event; null deletes it. Pure, called once for each key.</summary>
    /// <param name="key">One of the keys returned for the event.</param>
    /// <param name="document">The document before; null when there is none.</param>
    /// <param name="projected">The event.</param>
    TDocument? Apply(string key, TDocument? document, ProjectedEvent projected);
}
