using Daybook.Projections;

namespace Daybook.Embedded.Sqlite;

/// <summary>
/// How many documents each table holds, and the sum of their checksums, written with the documents. Without it a page that was lost, or
/// exchanged for another one of the file, would look sound: fewer documents, or checkpoints that begin anew.
/// </summary>
internal static class SqliteContents
{
    private const string Change =
        "INSERT INTO daybook_contents (name, documents, sum) VALUES (?1, ?2, ?3) " +
        "ON CONFLICT DO UPDATE SET documents = documents + excluded.documents, sum = sum + excluded.sum";

    internal static void CreateTable(SqliteSession session)
    {
        session.Execute("CREATE TABLE IF NOT EXISTS daybook_contents (name TEXT NOT NULL PRIMARY KEY, documents INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID");
        foreach (var table in SqliteSchema.DocumentTables(session))
            session.Execute($"INSERT OR IGNORE INTO daybook_contents SELECT '{table}', count(*), coalesce(sum(checksum), 0) FROM {table}");
    }

    /// <summary>Notes what the open transaction adds to a table.</summary>
    internal static void Add(SqliteSession session, string table, long documents, long sum)
    {
        if (documents != 0 || sum != 0)
            session[Change].Bind(1, table).Bind(2, documents).Bind(3, sum).Run();
    }

    internal static void Remove(SqliteSession session, string table) => session["DELETE FROM daybook_contents WHERE name = ?1"].Bind(1, table).Run();

    /// <summary>Checks what can be checked without reading every document, before a projection goes on.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/>: documents or checkpoints are gone.</exception>
    internal static void Check(SqliteSession session, ProjectionId projection, string path)
    {
        var table = SqliteSchema.TableOf(projection);
        var noted = session.Scalar($"SELECT coalesce(max(documents), 0) FROM daybook_contents WHERE name = '{table}'");
        var holdsAny = session.Scalar($"SELECT EXISTS (SELECT 1 FROM {table})") == 1;
        if (holdsAny != noted > 0)
            throw SqliteErrors.Corrupted(path, $"is damaged: table {table} was left with {noted} documents and now holds {(holdsAny ? "some" : "none")}");
        if (holdsAny && session.Scalar($"SELECT count(*) FROM daybook_checkpoints WHERE projection = '{projection.Name}' AND version = {projection.Version}") == 0)
            throw SqliteErrors.Corrupted(path, $"is damaged: projection {projection} has documents and no checkpoint");
    }

    /// <summary>What a table should hold and does not; null when it is all there.</summary>
    internal static string? Finding(SqliteSession session, string table)
    {
        var missing = session.Scalar(
            $"SELECT NOT EXISTS (SELECT 1 FROM daybook_contents WHERE name = '{table}' AND documents = (SELECT count(*) FROM {table}) " +
            $"AND sum = (SELECT coalesce(sum(checksum), 0) FROM {table})) AND EXISTS (SELECT 1 FROM {table} UNION ALL SELECT 1 FROM daybook_contents WHERE name = '{table}')");
        return missing == 1 ? $"Table {table} does not hold the documents that it was left with." : null;
    }
}
