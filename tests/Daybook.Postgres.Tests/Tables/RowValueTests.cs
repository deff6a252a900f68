using System.ComponentModel.DataAnnotations;
using Daybook.Postgres.Tables;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Npgsql;

namespace Daybook.Postgres.Tests.Tables;

/// <summary>Values at the ends of their ranges, and values that the database cannot hold.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class RowValueTests(SharedPostgres postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));
    private readonly Sinks _sinks = new();

    public static TheoryData<Moment, string> Bad { get; } = new()
    {
        { new Moment(1, s_noon.AddTicks(1), default, ""), "\"at\"" },
        { new Moment(1, DateTimeOffset.MaxValue, default, ""), "\"at\"" },
        { new Moment(1, s_noon, default, "a\0b"), "\"note\" of a row holds U+0000" },
        { new Moment(1, s_noon, default, "abc\ud83d"), "\"note\" of a row holds half a surrogate" },
        { new Moment(1, s_noon, default, "\ude00"), "\"note\" of a row holds half a surrogate" },
        { new Moment(1, s_noon, default, null!), "\"note\" of a row is null" },
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sinks.DisposeAsync();

    [SkippableFact(typeof(MissingToolException))]
    public async Task First_and_last_days_and_moments_are_stored_as_such_and_found_again_as_keys()
    {
        var (database, writer) = await StartAsync();
        var last = new DateTimeOffset(DateTimeOffset.MaxValue.Ticks - 9, TimeSpan.Zero);
        Moment[] rows =
        [
            new(1, DateTimeOffset.MinValue, DateOnly.MinValue, "first") { Seen = DateTimeOffset.MinValue },
            new(1, last, DateOnly.MaxValue, "last") { Seen = DateTimeOffset.MaxValue },
            new(1, DateTimeOffset.MinValue, DateOnly.MaxValue, "deleted"),
        ];
        await writer.ApplyAsync(Batches.Of(0, [.. rows]));
        await writer.ApplyAsync(Batches.Of(3, rows[0], rows[1], RowChange.Delete(rows[2])));

        Assert.Equal(
            "2|0001-01-01 00:00:00|0001-01-01|0001-01-01 00:00:00 2|9999-12-31 23:59:59.999999|9999-12-31|9999-12-31 23:59:59.999999",
            await Sql.QueryAsync(database,
                "select n, (at at time zone 'UTC')::text, day::text, (seen at time zone 'UTC')::text from daybook.projection_moments_v1 order by at"));
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var command = source.CreateCommand("select at, day from daybook.projection_moments_v1 order by at");
        await using var reader = await command.ExecuteReaderAsync();
        foreach (var row in rows[..2])
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal((row.At, row.Day), (reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateOnly>(1)));
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Equal_moments_and_equal_decimals_are_one_key_and_finer_moments_that_are_no_key_are_cut()
    {
        var (database, writer) = await StartAsync();
        await writer.ApplyAsync(Batches.Of(0, new Moment(1, s_noon, default, "") { Price = 1.10m }, new Moment(1, s_noon.ToUniversalTime(), default, "") { Price = 1.1m }));
        await writer.ApplyAsync(Batches.Of(2, new Moment(1, s_noon, default, "") { Price = 1.100m, Seen = s_noon.AddTicks(19) }));

        Assert.Equal("3|1.1|1", await Sql.QueryAsync(database,
            "select n, price::text, extract(microseconds from seen)::integer from daybook.projection_moments_v1"));
    }

    [SkippableTheory(typeof(MissingToolException))]
    [MemberData(nameof(Bad))]
    public async Task Value_that_the_database_cannot_hold_is_poison_at_its_event_with_its_column_however_batches_are_cut(Moment bad, string why)
    {
        foreach (var size in new[] { 3, 1 })
        {
            var (database, writer) = await StartAsync();
            Moment[] rows = [new(1, s_noon, default, "fine"), bad, new(1, s_noon.AddDays(1), default, "fine too")];
            var poison = await Assert.ThrowsAsync<PoisonEventException>(async () =>
            {
                for (var at = 0; at < rows.Length; at += size)
                    await writer.ApplyAsync(Batches.Of(at, [.. rows.Skip(at).Take(size)]));
            });
            Assert.Equal(new JournalOffset(1), poison.Recorded.Position.Offset);
            Assert.Contains(why, poison.Message, StringComparison.Ordinal);
            Assert.Equal(size == 1 ? "1" : "0", await Sql.QueryAsync(database, "select count(*) from daybook.projection_moments_v1"));
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Changes_without_row_of_an_unknown_kind_or_none_at_all_are_poison_and_name_the_projection()
    {
        var (_, writer) = await StartAsync();
        var row = new Moment(1, s_noon, default, "");
        foreach (var (bad, why) in new (object, string)[]
        {
            (default(RowChange<Moment>), "no row"), (new RowChange<Moment>((RowChangeKind)7, row), "kind of change 7 is unknown"), ("null", "returned null"),
        })
        {
            var poison = await Assert.ThrowsAsync<PoisonEventException>(() => writer.ApplyAsync(Batches.Of(0, row, bad)).AsTask());
            Assert.Equal(new JournalOffset(1), poison.Recorded.Position.Offset);
            Assert.Contains(why, poison.Message, StringComparison.Ordinal);
        }
    }

    private async Task<(string Database, IProjectionWriter Writer)> StartAsync()
    {
        var database = await postgres.DatabaseAsync();
        var writer = _sinks.Open(database).Writer(new Moments());
        await writer.StartAsync(default, new Epoch(1));
        return (database, writer);
    }

    public sealed record Moment(int N, [property: Key] DateTimeOffset At, [property: Key] DateOnly Day, string Note)
    {
        [Key]
        public decimal Price { get; init; }

        public DateTimeOffset? Seen { get; init; }
    }

    [Projection("moments")]
    public sealed class Moments : ITableProjection<Moment>
    {
        public IEnumerable<RowChange<Moment>> ChangesOf(ProjectedEvent projected) => projected.Body switch
        {
            RowChange<Moment> change => [change],
            Moment row => [RowChange.Add(row)],
            _ => null!,
        };
    }
}
