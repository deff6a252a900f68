using System.Net.Sockets;
using Daybook.Postgres.Schema;
using Npgsql;

namespace Daybook.Postgres;

/// <summary>The database: its connections, and the schema that the first call migrates.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly SemaphoreSlim _migrating = new(1);
    private readonly string _name;
    private volatile bool _migrated;
    private volatile bool _closed;

    internal PostgresDatabase(PostgresProjectionOptions options)
    {
        var source = options.Parse();
        (Options, Schema) = (options, new SchemaName(options.Schema));
        _name = $"'{source.Database ?? source.Username}' at {source.Host}:{source.Port}";
        _source = options.Source();
    }

    internal PostgresProjectionOptions Options { get; }

    internal SchemaName Schema { get; }

    /// <summary>The schema for use in user statements, quoted as the server does. Known once a connection has been open.</summary>
    internal string SchemaInStatements { get; private set; } = "";

    /// <summary>The book that checkpoints belong to; null when none was named, and then the book is not checked.</summary>
    internal string? Book { get; set; }

    /// <summary>False until the supervisor has read which builds exist; until then no build may be written.</summary>
    internal bool AreBuildsKnown { get; set; } = true;

    internal bool IsClosed => _closed;

    /// <summary>A connection to the migrated schema.</summary>
    /// <exception cref="DaybookException">No connection; see <see cref="PostgresErrors.From"/>.</exception>
    internal async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!_migrated)
            await MigrateAsync(cancellationToken).ConfigureAwait(false);
        return await ConnectAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A connection to a schema that must exist in the format of this code, for operator commands, which never create
    /// it.</summary>
    /// <exception cref="DaybookException">No connection, or the schema is missing, older or newer.</exception>
    internal async ValueTask<NpgsqlConnection> OpenExistingAsync(CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var found = await SchemaMigrator.FormatOfAsync(connection, this, cancellationToken).ConfigureAwait(false);
            return found == SchemaMigrator.Format ? connection : throw PostgresErrors.NoSchema(this, found, SchemaMigrator.Format);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Translates an exception of a call; after a lost connection, no older pooled connection is used again.</summary>
    internal Exception Meaning(Exception error)
    {
        if (error is not (NpgsqlException or ObjectDisposedException or TimeoutException or IOException or SocketException))
            return error;
        if (error is not PostgresException && !_closed)
            _source.Clear();
        return PostgresErrors.From(error, this);
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override string ToString() => _name;

    private async ValueTask MigrateAsync(CancellationToken cancellationToken)
    {
        await _migrating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_migrated)
                return;
            await using var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            await SchemaMigrator.MigrateAsync(connection, this, cancellationToken).ConfigureAwait(false);
            SchemaInStatements = (string)(await connection.ScalarAsync("select quote_ident($1)", cancellationToken, Schema.Name).ConfigureAwait(false))!;
            _migrated = true;
        }
        catch (Exception error) when (!ReferenceEquals(Meaning(error), error))
        {
            throw Meaning(error);
        }
        finally
        {
            _migrating.Release();
        }
    }

    private async ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw Meaning(error);
        }
    }
}
