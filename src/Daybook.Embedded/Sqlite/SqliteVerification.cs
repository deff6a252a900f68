using Microsoft.Data.Sqlite;

namespace Daybook.Embedded.Sqlite;

/// <summary>Reads the whole file and checks its structure, every document and every checkpoint.</summary>
internal sealed class SqliteVerification(SqliteSession session, CancellationToken cancellationToken)
{
    private const int MostFindings = 100;
    private readonly List<string> _findings = [];

    internal IReadOnlyList<string> Run()
    {
        try
        {
            Collect("PRAGMA integrity_check", read => read.Text(0) is var text && text == "ok" ? null : text);
            Collect($"SELECT projection, version, partition, {SqliteCheckpoint.Columns} FROM daybook_checkpoints", CheckpointFinding);
            foreach (var table in SqliteSchema.DocumentTables(session))
            {
                if (SqliteContents.Finding(session, table) is { } finding)
                    _findings.Add(finding);
                Collect(
                    $"SELECT key, document, checksum FROM {table}",
                    read => read.Int64(2) == SqliteChecksum.Of(read.Utf8(0), read.Utf8(1)) ? null : $"The document '{read.Text(0)}' in table {table} does not have its checksum.");
            }
        }
        catch (SqliteException error)
        {
            _findings.Add($"The file cannot be read to its end: {error.Message}");
        }
        return _findings;
    }

    private static string? CheckpointFinding(SqliteStatement read)
    {
        var (projection, version, partition) = (read.Text(0), read.Int64(1), read.Int64(2));
        return SqliteCheckpoint.Of(read, 3, projection, version, partition).IsSound
            ? null
            : $"The checkpoint of projection {projection} v{version} on partition {partition} does not have its checksum.";
    }

    private void Collect(string sql, Func<SqliteStatement, string?> findingOf)
    {
        using var read = new SqliteStatement(session.Handle, sql);
        while (read.Step() && _findings.Count < MostFindings)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (findingOf(read) is { } finding)
                _findings.Add(finding);
        }
    }
}
