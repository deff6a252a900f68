using Daybook.Projections;

namespace Daybook.Embedded.Sqlite;

/// <summary>
/// The tables. <c>daybook_checkpoints</c> has a row for each version of a projection and partition; the documents of one version are in
/// <c>projection_NAME_vVERSION (key, document, checksum)</c>; <c>daybook_skips</c> names the events that operators skipped;
/// <c>daybook_contents</c> has what each table of documents should hold. The pragmas
/// <c>application_id</c> and <c>user_version</c> identify the file and its format.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>The format that this code writes, in <c>user_version</c>.</summary>
    internal const long Format = 3;

    private const long ApplicationId = 0x4442_4b50; // "DBKP"

    internal static string TableOf(ProjectionId projection) => TableOf(projection.Name, projection.Version);

    internal static string TableOf(string name, long version) => $"projection_{name}_v{version}";

    /// <summary>Makes the tables in an empty file, or checks that the file is one of ours.</summary>
    internal static void Prepare(SqliteSession session, string path)
    {
        var application = session.Scalar("PRAGMA application_id");
        var format = session.Scalar("PRAGMA user_version");
        if (application == 0 && format == 0 && session.Scalar("SELECT count(*) FROM sqlite_schema") == 0)
            Create(session);
        else if (application != ApplicationId)
            throw SqliteErrors.Corrupted(path, "was not made by Daybook");
        else if (format > Format)
            throw SqliteErrors.Newer(path, format);
        else if (format < 1)
            throw SqliteErrors.Corrupted(path, $"has the unknown format {format}");
        else if (format < Format)
            Migrate(session);
    }

    /// <summary>The tables of documents, of whichever projection and version.</summary>
    internal static List<string> DocumentTables(SqliteSession session)
    {
        var tables = new List<string>();
        using var read = new SqliteStatement(session.Handle, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'projection_*_v[0-9]*' ORDER BY name");
        while (read.Step())
            tables.Add(read.Text(0));
        return tables;
    }

    internal static void CreateTable(SqliteSession session, ProjectionId projection) => session.Execute(
        $"CREATE TABLE IF NOT EXISTS {TableOf(projection)} " +
        "(key TEXT NOT NULL PRIMARY KEY, document TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT, WITHOUT ROWID");

    private static void Create(SqliteSession session) => InTransaction(session, () =>
    {
        CreateSkips(session);
        SqliteContents.CreateTable(session);
        session.Execute(
            """
            CREATE TABLE IF NOT EXISTS daybook_checkpoints (
                projection TEXT NOT NULL,
                version INTEGER NOT NULL,
                partition INTEGER NOT NULL,
                next_offset INTEGER NOT NULL,
                epoch INTEGER NOT NULL,
                caught_up INTEGER NOT NULL DEFAULT 0,
                book TEXT,
                checksum INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (projection, version, partition)
            ) STRICT, WITHOUT ROWID
            """);
        session.Execute($"PRAGMA application_id = {ApplicationId}");
    });

    /// <summary>From format 1, without books, checksums and skips, and format 2, without contents. What is there now is taken to be
    /// sound.</summary>
    private static void Migrate(SqliteSession session) => InTransaction(session, () =>
    {
        var format = session.Scalar("PRAGMA user_version"); // another process may have done it meanwhile
        if (format < 2)
            AddChecksums(session);
        if (format < Format)
            SqliteContents.CreateTable(session);
    });

    private static void AddChecksums(SqliteSession session)
    {
        session.DefineChecksums();
        session.Execute("ALTER TABLE daybook_checkpoints ADD COLUMN book TEXT");
        session.Execute("ALTER TABLE daybook_checkpoints ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0");
        session.Execute(
            "UPDATE daybook_checkpoints SET checksum = daybook_checksum('', " +
            "projection || '|' || version || '|' || partition || '|' || next_offset || '|' || epoch || '|' || caught_up || '|')");
        foreach (var table in DocumentTables(session))
        {
            session.Execute($"ALTER TABLE {table} ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0");
            session.Execute($"UPDATE {table} SET checksum = daybook_checksum(key, document)");
        }
        CreateSkips(session);
    }

    private static void CreateSkips(SqliteSession session) => session.Execute(
        """
        CREATE TABLE IF NOT EXISTS daybook_skips (
            projection TEXT NOT NULL,
            version INTEGER NOT NULL,
            partition INTEGER NOT NULL,
            position INTEGER NOT NULL,
            stream TEXT NOT NULL,
            stream_version INTEGER NOT NULL,
            event TEXT NOT NULL,
            PRIMARY KEY (projection, version, partition, position, stream, stream_version)
        ) STRICT, WITHOUT ROWID
        """);

    private static void InTransaction(SqliteSession session, Action act)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            act();
            session.Execute($"PRAGMA user_version = {Format}");
            session.Execute("COMMIT");
        }
        catch
        {
            session.Rollback();
            throw;
        }
    }
}
