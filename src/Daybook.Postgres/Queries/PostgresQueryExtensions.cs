using Daybook.Postgres.Documents;
using Daybook.Projections;

namespace Daybook.Postgres.Queries;

/// <summary>Queries that only PostgreSQL offers on a read model.</summary>
public static class PostgresQueryExtensions
{
    /// <summary>A query over all documents.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the read model is not in PostgreSQL.</exception>
    public static PostgresQuery<TDocument> InPostgres<TDocument>(this IReadModel<TDocument> model)
        where TDocument : class
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.OfSink is PostgresReadModel<TDocument> postgres ? new PostgresQuery<TDocument>(postgres) : throw new DaybookException(ErrorCode.InvalidArgument,
            $"The documents {typeof(TDocument).Name} are kept by {model.OfSink.GetType().Name}, not in PostgreSQL: " +
            $"call {nameof(PostgresBuilderExtensions.UsePostgresProjections)}.");
    }
}
