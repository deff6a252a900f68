using System.Collections.Immutable;
using System.Linq.Expressions;
using Daybook.Postgres.Documents;
using Npgsql;

namespace Daybook.Postgres.Queries;

/// <summary>
/// A query over the documents of a projection, by their properties. It is immutable: each method returns a new query. Enumerating it runs
/// one statement, which sees one moment. Documents come in key order unless <see cref="OrderBy"/> sets another.
/// </summary>
/// <typeparam name="TDocument">The document type.</typeparam>
public sealed class PostgresQuery<TDocument> : IAsyncEnumerable<KeyValuePair<string, TDocument>>
    where TDocument : class
{
    private readonly PostgresReadModel<TDocument> _model;

    internal PostgresQuery(PostgresReadModel<TDocument> model) => _model = model;

    private PostgresQuery(PostgresQuery<TDocument> other) =>
        (_model, Conditions, Order, Limit) = (other._model, other.Conditions, other.Order, other.Limit);

    private ImmutableList<QueryCondition> Conditions { get; init; } = [];

    private string Order { get; init; } = "key";

    private long? Limit { get; init; }

    /// <summary>Keeps the documents whose property satisfies a comparison. Conditions are joined by "and".</summary>
    /// <param name="property">A property of the document, or one of such a property: <c>o => o.Address.City</c>.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="value">The value to compare with; it is serialized like the property, so a decimal keeps every digit.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the property is not serialized, or the value has no
    /// order.</exception>
    public PostgresQuery<TDocument> Where<TValue>(Expression<Func<TDocument, TValue>> property, Comparison comparison, TValue value) =>
        With(QueryCondition.Of(Property(property), comparison, value));

    /// <summary>
    /// Keeps the documents that meet a condition in SQL over the columns <c>key</c> and <c>document</c>: <c>$"document->'Tags' ?
    /// {tag}"</c>. Interpolated values become parameters, never statement text. Enums are sent in their document form, times as moments.
    /// </summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the server cannot store a value.</exception>
    public PostgresQuery<TDocument> Where(FormattableString condition) => With(QueryCondition.Of(condition, _model.Json));

    /// <summary>Orders by a property; documents with the same value by key. Null comes last, or first when descending.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the property is not serialized, or the text of its
    /// values does not sort as they do (<see cref="TimeSpan"/>, <see cref="Version"/>).</exception>
    public PostgresQuery<TDocument> OrderBy<TValue>(Expression<Func<TDocument, TValue>> property, bool descending = false)
    {
        var by = Property(property);
        by.RequireOrder();
        return new(this) { Order = $"{by.As(by.Kind)} {(descending ? "desc" : "asc")}, key" };
    }

    /// <summary>The maximum number of documents; of several calls the smallest number counts.</summary>
    public PostgresQuery<TDocument> Take(int count) => new(this) { Limit = Math.Max(0, Math.Min(count, Limit ?? count)) };

    /// <summary>The number of documents that meet the conditions, regardless of <see cref="Take"/>.</summary>
    /// <exception cref="DaybookException">See <see cref="GetAsyncEnumerator"/>.</exception>
    public ValueTask<long> CountAsync(CancellationToken cancellationToken = default) => _model.CountAsync(c => Fill(c, "count(*)", ""), cancellationToken);

    /// <summary>Runs the query. Avoid long pauses while enumerating, because a connection is held.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.StoreFailed"/>: the database cannot be reached, or refused the statement;
    /// the message gives the reason.
    /// <see cref="ErrorCode.InvalidArgument"/>: a value of a condition cannot be sent. <see cref="ErrorCode.Corrupted"/>: a document cannot be read.</exception>
    public IAsyncEnumerator<KeyValuePair<string, TDocument>> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        _model.ReadAsync(Fill, cancellationToken).GetAsyncEnumerator(cancellationToken);

    internal void Fill(NpgsqlCommand command) =>
        Fill(command, "key, document", $" order by {Order}{(Limit is { } limit ? FormattableString.Invariant($" limit {limit}") : "")}");

    private void Fill(NpgsqlCommand command, string columns, string rest)
    {
        var parameters = new List<object?>();
        var where = string.Join(" and ", Conditions.Select(c => c.Sql(parameters)));
        command.CommandText = $"select {columns} from {_model.Source}{(where.Length == 0 ? "" : $" where {where}")}{rest}";
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
    }

    private PostgresQuery<TDocument> With(QueryCondition condition) => new(this) { Conditions = Conditions.Add(condition) };

    private DocumentProperty Property(LambdaExpression property) => DocumentProperty.Of(property, _model.Json);
}
