using Daybook.Postgres.Raw;
using Daybook.Postgres.Tables;
using Daybook.Projections;

namespace Daybook.Postgres;

/// <summary>Chooses PostgreSQL for read models.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Keeps read models in PostgreSQL. The database is opened, and its schema made or migrated, with the book.</summary>
    /// <param name="builder">The book.</param>
    /// <param name="connectionString">How to connect, as Npgsql writes it.</param>
    /// <param name="with">Sets further options; null for the defaults.</param>
    public static TBuilder UsePostgresProjections<TBuilder>(
        this TBuilder builder, string connectionString, Func<PostgresProjectionOptions, PostgresProjectionOptions>? with = null)
        where TBuilder : IStorageBuilder
    {
        var options = new PostgresProjectionOptions { ConnectionString = connectionString };
        builder.ChooseProjectionSink(token => OpenAsync(with is null ? options : with(options), token));
        return builder;
    }

    /// <summary>Adds a table projection. Its class is made by the container where there is one, else by its constructor without parameters.</summary>
    /// <exception cref="DaybookException">When the book is opened, <see cref="ErrorCode.InvalidArgument"/>: its read models are not in PostgreSQL.</exception>
    public static IStorageBuilder AddTableProjection<TProjection, TRow>(this IStorageBuilder builder)
        where TProjection : class, ITableProjection<TRow>
        where TRow : class
    {
        builder.AddProjectionWriter((sink, services) => Postgres<TProjection>(sink).Writer<TRow>(Make<TProjection>(services)));
        return builder;
    }

    /// <summary>Adds a raw projection. Its class is made by the container where there is one, else by its constructor without parameters.</summary>
    /// <exception cref="DaybookException">When the book is opened, <see cref="ErrorCode.InvalidArgument"/>: its read models are not in PostgreSQL.</exception>
    public static IStorageBuilder AddRawProjection<TProjection>(this IStorageBuilder builder)
        where TProjection : class, IRawProjection
    {
        builder.AddProjectionWriter((sink, services) => Postgres<TProjection>(sink).Writer(Make<TProjection>(services)));
        return builder;
    }

    private static PostgresProjections Postgres<TProjection>(IProjectionSink sink) => sink as PostgresProjections
        ?? throw new DaybookException(ErrorCode.InvalidArgument,
            $"The projection {typeof(TProjection).Name} writes rows in PostgreSQL, but the book's read models are kept by {sink.GetType().Name}: " +
            $"call {nameof(UsePostgresProjections)}.");

    private static T Make<T>(IServiceProvider? services)
        where T : class => services?.GetService(typeof(T)) as T ?? Activator.CreateInstance<T>();

    private static async ValueTask<IProjectionSink> OpenAsync(PostgresProjectionOptions options, CancellationToken cancellationToken)
    {
        var sink = new PostgresProjections(options);
        try
        {
            await sink.OpenAsync(cancellationToken).ConfigureAwait(false);
            return sink;
        }
        catch
        {
            await sink.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
