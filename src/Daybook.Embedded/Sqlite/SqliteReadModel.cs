using System.Runtime.CompilerServices;
using Daybook.Projections;
using Microsoft.Data.Sqlite;

namespace Daybook.Embedded.Sqlite;

/// <summary>Reads one version of a projection. A query keeps its snapshot, and the log from growing shorter, until it has been enumerated.</summary>
internal sealed class SqliteReadModel<TDocument>(SqliteDatabase database, SqliteProjectionWriter<TDocument> writer) : IReadModel<TDocument>
    where TDocument : class
{
    private readonly string _table = SqliteSchema.TableOf(writer.Projection);
    private volatile bool _tableExists;

    public async ValueTask<TDocument?> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        await CreateTableAsync(cancellationToken).ConfigureAwait(false);
        var session = Rent();
        SqliteStatement? read = null;
        try
        {
            read = session[$"SELECT document, checksum FROM {_table} WHERE key = ?1"].Bind(1, key);
            return read.Step() ? writer.Documents.Parse(read.Utf8(0), read.Int64(1), key) : null;
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.From(error, database.Path);
        }
        finally
        {
            read?.Reset();
            database.Return(session);
        }
    }

    public async IAsyncEnumerable<KeyValuePair<string, TDocument>> QueryAsync(
        string? from = null, bool descending = false, int limit = int.MaxValue, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await CreateTableAsync(cancellationToken).ConfigureAwait(false);
        var session = Rent();
        SqliteStatement? read = null;
        try
        {
            read = Prepare(session, from, descending, limit);
            while (Step(read))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var key = read.Text(0);
                yield return new(key, writer.Documents.Parse(read.Utf8(1), read.Int64(2), key));
            }
        }
        finally
        {
            read?.Reset();
            database.Return(session);
        }
    }

    private SqliteStatement Prepare(SqliteSession session, string? from, bool descending, int limit)
    {
        var where = from is null ? "" : descending ? "WHERE key <= ?1" : "WHERE key >= ?1";
        try
        {
            var read = session[$"SELECT key, document, checksum FROM {_table} {where} ORDER BY key {(descending ? "DESC" : "ASC")} LIMIT ?2"].Bind(2, Math.Max(0, limit));
            return from is null ? read : read.Bind(1, from);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.From(error, database.Path);
        }
    }

    private bool Step(SqliteStatement read)
    {
        try
        {
            return read.Step();
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.From(error, database.Path);
        }
    }

    private SqliteSession Rent()
    {
        try
        {
            return database.Rent();
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.From(error, database.Path);
        }
    }

    private async ValueTask CreateTableAsync(CancellationToken cancellationToken)
    {
        if (_tableExists)
            return;
        await writer.CreateTableAsync(cancellationToken).ConfigureAwait(false);
        _tableExists = true;
    }
}
