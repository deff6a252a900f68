using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Daybook.Embedded.Sqlite;

/// <summary>A connection with its prepared statements. Not safe for several threads.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    internal SqliteSession(SqliteProjectionOptions options, SqliteOpenMode mode)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = options.Path, Mode = mode, Pooling = false };
        _connection = new SqliteConnection(source.ConnectionString);
        try
        {
            _connection.Open();
            Execute($"PRAGMA busy_timeout = {(int)options.BusyTimeout.TotalMilliseconds}");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    internal sqlite3 Handle => _connection.Handle!;

    /// <summary>A statement, prepared once for each text.</summary>
    internal SqliteStatement this[string sql]
    {
        get
        {
            if (!_statements.TryGetValue(sql, out var statement))
                _statements.Add(sql, statement = new SqliteStatement(Handle, sql));
            return statement;
        }
    }

    /// <summary>Runs a statement that is not worth keeping.</summary>
    internal void Execute(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        statement.Run();
    }

    /// <summary>The first column of the first row as a number.</summary>
    internal long Scalar(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    /// <summary>The first column of the first row as text.</summary>
    internal string ScalarText(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    /// <summary>Lets statements of this connection call <c>daybook_checksum(key, document)</c>.</summary>
    internal void DefineChecksums() => _connection.CreateFunction(
        "daybook_checksum", static (string key, string document) => SqliteChecksum.Of(key, Encoding.UTF8.GetBytes(document)), isDeterministic: true);

    /// <summary>Takes back what the open transaction did, if one is open.</summary>
    internal void Rollback()
    {
        foreach (var statement in _statements.Values)
            statement.Reset();
        if (raw.sqlite3_get_autocommit(Handle) == 0)
            Execute("ROLLBACK");
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }
}
