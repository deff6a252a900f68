using Daybook.Projections;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Daybook.Embedded.Sqlite;

/// <summary>The errors of the sink; each names the file.</summary>
internal static class SqliteErrors
{
    /// <summary>What an error of SQLite means to a projection.</summary>
    internal static DaybookException From(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB => Corrupted(path, "is not an SQLite database", error),
        raw.SQLITE_CORRUPT => Corrupted(path, "is damaged", error),
        _ => new DaybookException(
            ProjectionFailures.Of(NameOf(error.SqliteErrorCode)) == FailureKind.Retry ? ErrorCode.Unavailable : ErrorCode.StoreFailed,
            $"The read model database '{path}' failed: {error.Message}", error),
    };

    private static string NameOf(int code) => code switch
    {
        raw.SQLITE_BUSY => "SQLITE_BUSY",
        raw.SQLITE_LOCKED => "SQLITE_LOCKED",
        raw.SQLITE_PROTOCOL => "SQLITE_PROTOCOL",
        raw.SQLITE_FULL => "SQLITE_FULL",
        raw.SQLITE_NOMEM => "SQLITE_NOMEM",
        _ => "*",
    };

    internal static DaybookException Corrupted(string path, string what, Exception? inner = null) => new(ErrorCode.Corrupted,
        $"The read model database '{path}' {what}. Read models hold nothing that the journals do not: move the file away to have it rebuilt.", inner);

    internal static DaybookException Newer(string path, long format) => new(ErrorCode.NewerFormat,
        $"The read model database '{path}' has format {format}; this version of Daybook knows up to {SqliteSchema.Format}.");

    internal static DaybookException BadDocument(string path, string table, string key, Type type, Exception? error) => new(ErrorCode.Corrupted,
        $"The document '{key}' in table {table} of '{path}' cannot be read as {type.Name}: {error?.Message ?? "it is null"} " +
        "When the document type has changed, its projection needs a higher version.", error);

    internal static DaybookException Closed(string path) => new(ErrorCode.Closed, $"The read model database '{path}' was closed.");
}
