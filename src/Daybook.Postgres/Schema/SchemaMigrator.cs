using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Daybook.Postgres.Schema;

/// <summary>
/// Migrates a schema to the format of this code with numbered SQL files, each run once and in order. Safe on concurrent nodes: an advisory
/// lock, named after the schema, lets one node migrate while the others wait.
/// </summary>
internal static class SchemaMigrator
{
    private static readonly (int Number, string Resource)[] s_migrations = [.. Find()];

    /// <summary>The format that this code writes.</summary>
    internal static int Format => s_migrations[^1].Number;

    /// <exception cref="DaybookException"><see cref="ErrorCode.NewerFormat"/>: a newer version has migrated the schema.</exception>
    internal static async Task MigrateAsync(NpgsqlConnection connection, PostgresDatabase database, CancellationToken cancellationToken)
    {
        if (await FormatOfAsync(connection, database, cancellationToken).ConfigureAwait(false) == Format)
            return;
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await connection.LockAsync($"daybook schema {database.Schema.Name}", cancellationToken).ConfigureAwait(false);
            if (!await ExistsAsync(connection, database.Schema, cancellationToken).ConfigureAwait(false))
                await connection.ExecuteAsync($"create schema {database.Schema}", cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync(
                $"create table if not exists {database.Schema}.format (number integer primary key, applied_at timestamptz not null default now(), flushed_at timestamptz)",
                cancellationToken).ConfigureAwait(false);
            var format = await FormatOfAsync(connection, database, cancellationToken).ConfigureAwait(false);
            foreach (var (number, resource) in s_migrations.Where(m => m.Number > format))
            {
                await connection.ExecuteAsync(Read(resource).Replace("{schema}", database.Schema.ToString(), StringComparison.Ordinal), cancellationToken).ConfigureAwait(false);
                await connection.ExecuteAsync(
                    string.Create(CultureInfo.InvariantCulture, $"insert into {database.Schema}.format (number) values ({number})"), cancellationToken).ConfigureAwait(false);
            }
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The format of the existing schema; 0 when there is none.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.NewerFormat"/>: it is newer than this code.</exception>
    internal static async Task<int> FormatOfAsync(NpgsqlConnection connection, PostgresDatabase database, CancellationToken cancellationToken)
    {
        var table = await connection.ScalarAsync("select to_regclass($1)::text", cancellationToken, $"{database.Schema}.format").ConfigureAwait(false);
        if (table is not string)
            return 0;
        var format = await connection.ScalarAsync($"select coalesce(max(number), 0) from {database.Schema}.format", cancellationToken).ConfigureAwait(false);
        var found = Convert.ToInt32(format, CultureInfo.InvariantCulture);
        return found <= Format ? found : throw PostgresErrors.Newer(database, found, Format);
    }

    // "create schema if not exists" requires the right to create a schema even if it exists.
    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, SchemaName schema, CancellationToken cancellationToken) =>
        await connection.ScalarAsync("select to_regnamespace($1)::text", cancellationToken, schema.ToString()).ConfigureAwait(false) is string;

    private static IEnumerable<(int Number, string Resource)> Find() =>
        from resource in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        where resource.EndsWith(".sql", StringComparison.Ordinal)
        let file = resource[(resource.IndexOf("Migrations.", StringComparison.Ordinal) + "Migrations.".Length)..]
        let number = int.Parse(file[..4], CultureInfo.InvariantCulture)
        orderby number
        select (number, resource);

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
