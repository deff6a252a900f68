namespace Daybook.Projections;

/// <summary>
/// Reads the documents of one version of a projection: the fold of a prefix of every partition. A query sees one moment; two calls may
/// see two.
/// </summary>
/// <typeparam name="TDocument">The document type.</typeparam>
public interface IReadModel<TDocument>
    where TDocument : class
{
    /// <summary>The sink's own read model, for what only that kind of sink can do. Default: this one.</summary>
    IReadModel<TDocument> OfSink => this;

    /// <summary>One document; null when there is none.</summary>
    ValueTask<TDocument?> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>All documents whose key lies in a range, in the order of their keys by Unicode code point.</summary>
    /// <param name="from">The least key, included; null for the first.</param>
    /// <param name="descending">From the greatest key down; <paramref name="from"/> is then the greatest, included.</param>
    /// <param name="limit">The most documents.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    IAsyncEnumerable<KeyValuePair<string, TDocument>> QueryAsync(
        string? from = null, bool descending = false, int limit = int.MaxValue, CancellationToken cancellationToken = default);
}
