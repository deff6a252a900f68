using System.Linq.Expressions;

namespace Daybook.Postgres.Queries;

/// <summary>
/// Implemented by a document projection beside its contract: its tables in PostgreSQL get an index for each of these properties, which
/// <see cref="PostgresQuery{TDocument}"/> then uses. Other sinks pay no attention to it. Tables that exist already stay as they are; a higher version gets them.
/// </summary>
/// <typeparam name="TDocument">The document type.</typeparam>
public interface IIndexedDocuments<TDocument>
    where TDocument : class
{
    /// <summary>The properties, such as <c>b => b.Currency</c> or <c>o => o.Address.City</c>. Times cannot be indexed; keep a date or a number beside them.</summary>
    IEnumerable<Expression<Func<TDocument, object?>>> Indexed { get; }
}
