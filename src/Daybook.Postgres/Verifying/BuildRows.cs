using System.Runtime.CompilerServices;
using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Npgsql;

namespace Daybook.Postgres.Verifying;

/// <summary>Reads a build's rows as keys and values, in byte order of the keys, and the event that last changed a key.</summary>
internal sealed class BuildRows(SchemaName schema, string kind, IReadOnlyList<string> keyColumns)
{
    private string Key => keyColumns.Count == 1 ? $"{keyColumns[0]}::text" : $"jsonb_build_array({string.Join(", ", keyColumns)})::text";

    private string Value => kind == "document" ? "document::text" : "to_jsonb(t)::text";

    /// <summary>Finds the columns of the primary key.</summary>
    internal static async Task<BuildRows> OfAsync(NpgsqlConnection connection, SchemaName schema, BuildRow build, CancellationToken cancellationToken)
    {
        var columns = await connection.ScalarAsync(
            """
            select array_agg(format('%I', a.attname) order by array_position(i.indkey::int2[], a.attnum))
            from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])
            where i.indrelid = $1::regclass and i.indisprimary
            """,
            cancellationToken, BuildKey.Qualified(schema, build.Key.Table)).ConfigureAwait(false);
        return columns is string[] found
            ? new BuildRows(schema, build.Kind, found)
            : throw new DaybookException(ErrorCode.Corrupted,
                $"The table of projection {build.Key} has lost its primary key; rebuild it: projections rebuild {build.Key.Projection.Name}");
    }

    internal async IAsyncEnumerable<(string Key, string Value)> ReadAsync(
        NpgsqlConnection connection, BuildKey build, int percent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"select {Key}, {Value} from {BuildKey.Qualified(schema, build.Table)} t order by {Key} collate \"C\"");
        command.CommandTimeout = 0;
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var key = rows.GetString(0);
            if (percent >= 100 || Sample.Takes(key, percent))
                yield return (key, rows.GetString(1));
        }
    }

    internal async Task<string?> EventOfAsync(NpgsqlConnection connection, BuildKey shadow, string key, CancellationToken cancellationToken) =>
        await connection.ScalarAsync(
            $"select event from {BuildKey.Qualified(schema, shadow.EventsTable)} t where {Key} = $1", cancellationToken, key).ConfigureAwait(false) as string;
}
