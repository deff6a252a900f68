using Daybook.Embedded.Files;
using Microsoft.Data.Sqlite;

namespace Daybook.Embedded.Sqlite;

/// <summary>
/// The file and its connections: one that writes, and as many that read as there are concurrent readers. The journals are the truth, so
/// <c>synchronous = NORMAL</c>: a power loss may take back the last transactions, rows and checkpoints together, and they are done again.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private readonly SqliteProjectionOptions _options;
    private readonly Lock _lock = new();
    private readonly Stack<SqliteSession> _readers = new();
    private SqliteSession? _writer;
    private bool _closed;

    internal SqliteDatabase(SqliteProjectionOptions options)
    {
        _options = options;
        Path = options.Path;
        Writes = new SqliteWriteQueue(this, options.MaxGroup);
    }

    internal string Path { get; }

    internal SqliteWriteQueue Writes { get; }

    /// <summary>The book that checkpoints belong to; null where none was named, and then nothing is checked.</summary>
    internal string? Book { get; set; }

    /// <summary>Opens a write transaction; only the queue calls this, one at a time.</summary>
    internal SqliteTransactionScope Begin()
    {
        lock (_lock)
        {
            if (_closed)
                throw SqliteErrors.Closed(Path);
            _writer ??= OpenWriter();
        }
        _writer["BEGIN IMMEDIATE"].Run();
        return new SqliteTransactionScope(_writer);
    }

    /// <summary>Takes the open transaction back. A connection that cannot even do that is closed; the next work opens another.</summary>
    internal void Rollback()
    {
        try
        {
            _writer?.Rollback();
        }
        catch (SqliteException)
        {
            CloseWriter();
        }
    }

    /// <summary>Takes a reading connection; give it back with <see cref="Return"/>.</summary>
    internal SqliteSession Rent()
    {
        lock (_lock)
        {
            if (_closed)
                throw SqliteErrors.Closed(Path);
            if (_readers.TryPop(out var idle))
                return idle;
        }
        return new SqliteSession(_options, SqliteOpenMode.ReadOnly);
    }

    internal void Return(SqliteSession reader)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _readers.Push(reader);
                return;
            }
        }
        reader.Dispose();
    }

    /// <summary>Makes everything committed so far safe from a power loss: one transaction that syncs the write-ahead log.</summary>
    internal ValueTask FlushAsync() => Writes.WhenIdleAsync(Flush);

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            while (_readers.TryPop(out var reader))
                reader.Dispose();
        }
        await Writes.WhenIdleAsync(CloseWriter).ConfigureAwait(false);
    }

    /// <summary>Only a commit that changes something syncs the log, and a row set to what it was changes nothing.</summary>
    private void Flush()
    {
        lock (_lock)
        {
            if (_closed)
                throw SqliteErrors.Closed(Path);
            _writer ??= OpenWriter();
        }
        try
        {
            _writer.Execute("PRAGMA synchronous = FULL");
            _writer.Execute("BEGIN IMMEDIATE");
            _writer.Execute("CREATE TABLE daybook_flush (empty)");
            _writer.Execute("DROP TABLE daybook_flush");
            _writer.Execute("COMMIT");
            _writer.Execute("PRAGMA synchronous = NORMAL");
        }
        catch (SqliteException error)
        {
            CloseWriter();
            throw SqliteErrors.From(error, Path);
        }
    }

    private void CloseWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private SqliteSession OpenWriter()
    {
        CreateFolder();
        var session = new SqliteSession(_options, SqliteOpenMode.ReadWriteCreate);
        try
        {
            SqliteSchema.Prepare(session, Path);
            if (session.ScalarText("PRAGMA journal_mode = WAL") != "wal")
                throw new DaybookException(ErrorCode.StoreFailed, $"The file system of the read model database '{Path}' does not support SQLite's write-ahead log.");
            session.Execute("PRAGMA synchronous = NORMAL");
            session.Execute("PRAGMA wal_autocheckpoint = 4096");
            session.Execute("PRAGMA journal_size_limit = 67108864");
            session.Execute("PRAGMA cache_size = -32768");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void CreateFolder()
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path));
        try
        {
            if (folder is not null)
                new PhysicalFileSystem().CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DaybookException(ErrorCode.StoreFailed, $"The folder of the read model database '{Path}' cannot be made: {error.Message}", error);
        }
    }
}
