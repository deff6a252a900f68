using System.Linq.Expressions;

namespace Daybook.Postgres.Queries;

/// <summary>
/// Implemented by a document projection in addition to its contract: its tables in PostgreSQL get an index on each of these properties,
/// which
/// <see cref="PostgresQuery{TDocument}"/> then uses. Other sinks ignore it. Existing tables are not changed; a higher version gets the
/// indexes.
/// </summary>
/// <typeparam name="TDocument">The document type.</typeparam>
public interface IIndexedDocuments<TDocument>
    where TDocument : class
{
    /// <summary>The properties, such as <c>b => b.Currency</c> or <c>o => o.Address.City</c>. Times cannot be indexed; store a date or a
    /// number beside them.</summary>
    IEnumerable<Expression<Func<TDocument, object?>>> Indexed { get; }
}
