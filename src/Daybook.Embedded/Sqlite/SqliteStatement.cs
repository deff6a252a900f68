using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Daybook.Embedded.Sqlite;

/// <summary>A prepared statement, bound by ordinal from 1 and without copying text through strings. Not safe for several threads.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    internal SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out _statement), database);
    }

    internal SqliteStatement Bind(int ordinal, long value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, ordinal, value), _database);
        return this;
    }

    internal SqliteStatement Bind(int ordinal, ReadOnlySpan<byte> utf8)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(_statement, ordinal, utf8), _database);
        return this;
    }

    internal SqliteStatement Bind(int ordinal, string text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return Bind(ordinal, buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Goes to the next row; false when there is none. The bindings stay.</summary>
    internal bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(code, _database);
        return false;
    }

    /// <summary>Runs it to its end and returns how many rows it changed.</summary>
    internal int Run()
    {
        while (Step())
        {
        }
        return raw.sqlite3_changes(_database);
    }

    internal long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>The bytes of a text column; valid until the next step.</summary>
    internal ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_statement, column);

    internal string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    /// <summary>Lets go of the rows, and of the snapshot that they are read from.</summary>
    internal void Reset() => raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();
}
