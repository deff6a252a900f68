using Daybook.Postgres.Builds;
using Npgsql;
using NpgsqlTypes;

namespace Daybook.Postgres.Verifying;

/// <summary>Beside a shadow stands, for each key, the event that changed it last: also when that event deleted the row.</summary>
internal static class ShadowEvents
{
    internal static string Create(string schema, BuildKey build, IEnumerable<string> keyColumns, string key) =>
        $"create table {BuildKey.Qualified(schema, build.EventsTable)} ({string.Join(", ", keyColumns)}, event text not null, primary key ({key}))";

    /// <summary>A statement with an array for each column of the key, and one for <see cref="Values"/>.</summary>
    internal static string Upsert(string schema, BuildKey build, IEnumerable<string> keyColumns)
    {
        string[] keys = [.. keyColumns];
        var (names, arrays) = (string.Join(", ", keys), string.Join(", ", Enumerable.Range(1, keys.Length + 1).Select(i => $"${i}")));
        return $"insert into {BuildKey.Qualified(schema, build.EventsTable)} ({names}, event) select * from unnest({arrays}) " +
            $"on conflict ({names}) do update set event = excluded.event";
    }

    internal static NpgsqlParameter Values(IEnumerable<RecordedEvent> events) => new NpgsqlParameter<List<string>>
    {
        TypedValue = [.. events.Select(Describe)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };

    internal static string Describe(RecordedEvent recorded) =>
        $"'{recorded.Type}' at {recorded.Position} of stream '{recorded.Stream}', version {recorded.Version}";
}
