using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Daybook.Postgres.Verifying;

/// <summary>For each key of a shadow, the event that last changed it, even if that event deleted the row.</summary>
internal static class ShadowEvents
{
    /// <summary>The column that holds the event.</summary>
    internal const string Column = "event";

    internal static string Create(SchemaName schema, BuildKey build, IEnumerable<string> keyColumns, string key) =>
        $"create table {BuildKey.Qualified(schema, build.EventsTable)} ({string.Join(", ", keyColumns)}, {Column} text not null, primary key ({key}))";

    /// <summary>A statement with an array for each column of the key, and one for <see cref="Values"/>.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="build">The shadow.</param>
    /// <param name="key">The columns of the key.</param>
    /// <param name="rows">Selects from those arrays.</param>
    internal static string Upsert(SchemaName schema, BuildKey build, string key, string rows) =>
        $"insert into {BuildKey.Qualified(schema, build.EventsTable)} ({key}, {Column}) {rows} on conflict ({key}) do update set {Column} = excluded.{Column}";

    internal static NpgsqlParameter Values(IEnumerable<RecordedEvent> events) => new NpgsqlParameter<List<string>>
    {
        TypedValue = [.. events.Select(Describe)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };

    internal static string Describe(RecordedEvent recorded) =>
        StorableText.Cleaned($"'{recorded.Type}' at {recorded.Position} of stream '{recorded.Stream}', version {recorded.Version}")!;
}
