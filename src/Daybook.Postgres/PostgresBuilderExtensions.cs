using Daybook.Postgres.Raw;
using Daybook.Postgres.Tables;
using Daybook.Projections;

namespace Daybook.Postgres;

/// <summary>Chooses PostgreSQL for read models.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>
    /// Keeps read models in PostgreSQL. Opening the book opens the database and creates or migrates its schema. If the database cannot be
    /// reached, the book still opens; its projections retry until the database answers.
    /// </summary>
    /// <param name="builder">The book.</param>
    /// <param name="connectionString">The Npgsql connection string.</param>
    /// <param name="with">Sets further options; null for the defaults.</param>
    public static TBuilder UsePostgresProjections<TBuilder>(
        this TBuilder builder, string connectionString, Func<PostgresProjectionOptions, PostgresProjectionOptions>? with = null)
        where TBuilder : IStorageBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new PostgresProjectionOptions { ConnectionString = connectionString };
        builder.ChooseProjectionSink(token => OpenAsync(with is null ? options : with(options), token));
        return builder;
    }

    /// <summary>Adds a table projection. A container, if there is one, supplies its constructor's arguments.</summary>
    /// <exception cref="DaybookException">When the book is opened, <see cref="ErrorCode.InvalidArgument"/>: its read models are not in PostgreSQL.</exception>
    public static DaybookBuilder AddTableProjection<TProjection, TRow>(this DaybookBuilder builder)
        where TProjection : class, ITableProjection<TRow>
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddProjectionWriter<TProjection>((sink, projection) => Postgres<TProjection>(sink).Writer<TRow>(projection));
    }

    /// <summary>Adds a raw projection. A container, if there is one, supplies its constructor's arguments.</summary>
    /// <exception cref="DaybookException">When the book is opened, <see cref="ErrorCode.InvalidArgument"/>: its read models are not in PostgreSQL.</exception>
    public static DaybookBuilder AddRawProjection<TProjection>(this DaybookBuilder builder)
        where TProjection : class, IRawProjection
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddProjectionWriter<TProjection>((sink, projection) => Postgres<TProjection>(sink).Writer(projection));
    }

    private static PostgresProjections Postgres<TProjection>(IProjectionSink sink) => sink as PostgresProjections
        ?? throw new DaybookException(ErrorCode.InvalidArgument,
            $"The projection {typeof(TProjection).Name} writes rows in PostgreSQL, but the book's read models are kept by {sink.GetType().Name}: " +
            $"call {nameof(UsePostgresProjections)}.");

    private static async ValueTask<IProjectionSink> OpenAsync(PostgresProjectionOptions options, CancellationToken cancellationToken)
    {
        var sink = new PostgresProjections(options);
        try
        {
            await sink.OpenAsync(cancellationToken).ConfigureAwait(false);
            return sink;
        }
        catch (DaybookException away) when (away.IsTransient)
        {
            return sink; // the book opens without its read models: its projections retry, visibly, until the database answers
        }
        catch
        {
            await sink.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
