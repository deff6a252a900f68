using Daybook.Embedded.Sqlite;
using Daybook.Projections;
using Daybook.Testing.Compliance;
using Microsoft.Data.Sqlite;

namespace Daybook.Embedded.Tests.Sqlite;

/// <summary>A read model file with the tally projection started on partition 0, and a second connection to look into it.</summary>
internal sealed class SqliteBooks : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal SqliteBooks() => Sink = Open();

    internal string Path => _folder["read.db"];

    internal SqliteProjections Sink { get; }

    internal IProjectionWriter Writer => Sink.Writer(new CountingProjection());

    internal IReadModel<Tally> Model => Sink.ReadModel(new CountingProjection());

    internal SqliteProjections Open() => new(new SqliteProjectionOptions { Path = Path });

    /// <summary>A batch of records from an offset on, one event each.</summary>
    internal static ProjectionBatch Batch(long first, params object[] bodies)
    {
        var metadata = new EventMetadata { CommandId = new CommandId(Guid.NewGuid()), Time = DateTimeOffset.UnixEpoch };
        var events = bodies.Select((body, i) => new ProjectedEvent(body, new RecordedEvent(
            new StreamId("s"), new StreamVersion(first + i + 1), new Position(default, new JournalOffset(first + i)), body.GetType().Name, default, metadata)));
        return new ProjectionBatch(default, new Epoch(1), new JournalOffset(first), new JournalOffset(first + bodies.Length), [.. events]);
    }

    internal void Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    internal string Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join("|", Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)));
        return string.Join(" ", rows);
    }

    internal string Tables() => Query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        _folder.Dispose();
    }
}
