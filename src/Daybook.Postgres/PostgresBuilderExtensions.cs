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

    private static async ValueTask<Projections.IProjectionSink> OpenAsync(PostgresProjectionOptions options, CancellationToken cancellationToken)
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
