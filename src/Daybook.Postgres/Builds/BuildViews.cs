using Daybook.Postgres.Schema;
using Npgsql;

namespace Daybook.Postgres.Builds;

/// <summary>
/// The views that readers query. Replacing one takes a lock that waits for current readers, and new readers queue behind that
/// lock, so callers limit the wait.
/// </summary>
internal static class BuildViews
{
    /// <summary>Points the view of the version at the build.</summary>
    internal static Task ShowInVersionAsync(NpgsqlConnection connection, SchemaName schema, BuildKey build, CancellationToken cancellationToken) =>
        ReplaceAsync(connection, schema, build.LiveView, build.Table, cancellationToken);

    /// <summary>Points the view that is independent of the version at the build.</summary>
    internal static async Task ShowAsync(NpgsqlConnection connection, SchemaName schema, BuildKey build, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("savepoint showing", cancellationToken).ConfigureAwait(false);
        try
        {
            await ReplaceAsync(connection, schema, build.ShownView, build.Table, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidTableDefinition)
        {
            // Another version has other columns. User views that depend on this one prevent the drop; the error names them.
            await connection.ExecuteAsync("rollback to savepoint showing", cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync($"drop view {BuildKey.Qualified(schema, build.ShownView)}", cancellationToken).ConfigureAwait(false);
            await ReplaceAsync(connection, schema, build.ShownView, build.Table, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Task<int> ReplaceAsync(NpgsqlConnection connection, SchemaName schema, string view, string table, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            $"create or replace view {BuildKey.Qualified(schema, view)} as select * from {BuildKey.Qualified(schema, table)}", cancellationToken);
}
