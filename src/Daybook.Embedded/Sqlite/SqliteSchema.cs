using Daybook.Projections;

namespace Daybook.Embedded.Sqlite;

/// <summary>
/// The tables. <c>daybook_checkpoints</c> has a row for each version of a projection and partition; the documents of one version are in
/// <c>projection_NAME_vVERSION (key, document)</c>. The pragmas <c>application_id</c> and <c>user_version</c> tell what the file is.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>The format that this code writes, in <c>user_version</c>.</summary>
    internal const long Format = 1;

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
    }

    internal static void CreateTable(SqliteSession session, ProjectionId projection) => session.Execute(
        $"CREATE TABLE IF NOT EXISTS {TableOf(projection)} (key TEXT NOT NULL PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID");

    private static void Create(SqliteSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            session.Execute(
                """
                CREATE TABLE IF NOT EXISTS daybook_checkpoints (
                    projection TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    partition INTEGER NOT NULL,
                    next_offset INTEGER NOT NULL,
                    epoch INTEGER NOT NULL,
                    caught_up INTEGER NOT NULL DEFAULT 0,
                    PRIMARY KEY (projection, version, partition)
                ) STRICT, WITHOUT ROWID
                """);
            session.Execute($"PRAGMA application_id = {ApplicationId}");
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
