using System.ComponentModel.DataAnnotations;
using Daybook.Postgres.Tables;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;

namespace Daybook.Postgres.Tests.Tables;

[Collection(SharedPostgresCollection.Name)]
public sealed class TableProjectionTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly Sinks _sinks = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sinks.DisposeAsync();

    [SkippableFact(typeof(MissingToolException))]
    public async Task Changes_of_a_row_are_put_together_whether_they_come_in_one_batch_or_in_many()
    {
        RowChange<Row>[] changes =
        [
            Add("a", 1, "first"), Add("a", 2, "second"), Set("b", 5, "set"), Add("b", 1, "added"), Add("c", 9, null), Delete("c"), Add("c", 4, "again"),
            Set("d", 1, "x"), Delete("d"), Add("e", decimal.MaxValue, "max"), Delete("never"), Set("f", 0.0000000000000000000000000001m, "Ä'\"{},NULL"),
        ];
        foreach (var size in new[] { changes.Length, 1, 5 })
        {
            var (database, writer) = await StartAsync(new Rows());
            for (var at = 0; at < changes.Length; at += size)
                await writer.ApplyAsync(Batches.Of(at, [.. changes.Skip(at).Take(size).Cast<object>()]));
            await writer.ApplyAsync(Batches.Of(0, [.. changes.Cast<object>()])); // a batch may come twice

            Assert.Equal(
                "a|2|3|second|null b|2|6|added|null c|1|4|again|null e|1|79228162514264337593543950335|max|null f|1|0.0000000000000000000000000001|Ä'\"{},NULL|null",
                await Sql.QueryAsync(database, "select account, entries, amount, last_note, closed from daybook.projection_rows_v1 order by account"));
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Keys_of_several_columns_and_columns_of_every_type_are_kept()
    {
        var (database, writer) = await StartAsync(new Wide());
        var time = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(2));
        var row = new WideRow(new DateOnly(2026, 2, 3), "EUR", long.MaxValue, 0.1, true, new Guid(1, 2, 3, new byte[8]), time, null);

        await writer.ApplyAsync(Batches.Of(0, RowChange.Set(row), RowChange.Set(row with { Currency = "USD", Maybe = 7 }), RowChange.Delete(row with { Currency = "GBP" })));
        await writer.ApplyAsync(Batches.Of(2 + 1, RowChange.Add(row with { Total = 0, Currency = "USD", Maybe = null }), RowChange.Delete(row)));

        Assert.Equal("USD|9223372036854775807|0.2|True|00000001-0002-0003-0000-000000000000|2026-02-03T02:05:06|7",
            await Sql.QueryAsync(database,
                """
                select currency, total, ratio, flag, id, to_char(seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'), maybe
                from daybook.projection_wide_v1
                """));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task J8_rows_without_key_or_that_the_table_refuses_are_poison_at_their_event()
    {
        var (database, writer) = await StartAsync(new Rows());
        foreach (var (bad, why) in new[] { (Add(null!, 1, ""), "\"account\""), (Add("x", -100, ""), "23514"), (Add("x", 1, "a\0b"), "U+0000") })
        {
            var poison = await Assert.ThrowsAsync<PoisonEventException>(() => writer.ApplyAsync(Batches.Of(0, Add("a", 1, "fine"), bad, Add("z", 1, "fine"))).AsTask());
            Assert.Equal(new JournalOffset(1), poison.Recorded.Position.Offset);
            Assert.Contains(why, poison.Message, StringComparison.Ordinal);
        }
        Assert.Equal("0", await Sql.QueryAsync(database, "select count(*) from daybook.projection_rows_v1"));
        await writer.ApplyAsync(Batches.Of(0, Add("a", 1, "fine")));
        Assert.Equal("1|1", await Sql.QueryAsync(database, "select (select next_offset from daybook.checkpoints), count(*) from daybook.projection_rows_v1"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F8_partitions_that_add_to_the_same_rows_concurrently_lose_nothing_and_an_overtaken_one_adds_nothing()
    {
        var (database, writer) = await StartAsync(new Rows());
        await Task.WhenAll(Enumerable.Range(1, 4).Select(async partition =>
        {
            await writer.StartAsync(new PartitionId(partition), new Epoch(1));
            for (var i = 0; i < 25; i++)
                await writer.ApplyAsync(Batches.Of(partition, 1, i, Add("shared", 1, "")));
        }));
        await writer.StartAsync(new PartitionId(1), new Epoch(2));

        var stale = await Assert.ThrowsAsync<DaybookException>(() => writer.ApplyAsync(Batches.Of(1, 1, 25, Add("shared", 1, ""))).AsTask());

        Assert.Equal(ErrorCode.StaleEpoch, stale.Code);
        Assert.Equal("100|100", await Sql.QueryAsync(database, "select amount, entries from daybook.projection_rows_v1"));
    }

    [Fact]
    public void Row_types_without_key_or_with_a_property_that_no_column_holds_are_refused_by_name()
    {
        var sink = new PostgresProjections(new PostgresProjectionOptions { ConnectionString = "Host=db" });

        Assert.Contains("No property of Keyless carries [Key]", Assert.Throws<DaybookException>(() => sink.Writer(new KeylessRows())).Message, StringComparison.Ordinal);
        Assert.Contains("Odd.Bytes is of type Byte[]", Assert.Throws<DaybookException>(() => sink.Writer(new OddRows())).Message, StringComparison.Ordinal);
    }

    private async Task<(string Database, IProjectionWriter Writer)> StartAsync<TRow>(ITableProjection<TRow> projection)
        where TRow : class
    {
        var database = await postgres.DatabaseAsync();
        var writer = _sinks.Open(database).Writer(projection);
        await writer.StartAsync(default, new Epoch(1));
        return (database, writer);
    }

    private static RowChange<Row> Add(string account, decimal amount, string? note) => RowChange.Add(new Row(account, amount, 1, note, null));

    private static RowChange<Row> Set(string account, decimal amount, string? note) => RowChange.Set(new Row(account, amount, 1, note, null));

    private static RowChange<Row> Delete(string account) => RowChange.Delete(new Row(account, 0, 0, null, null));

    public sealed record Row([property: Key] string Account, decimal Amount, int Entries, string? LastNote, DateOnly? Closed);

    public sealed record WideRow(
        [property: Key] DateOnly Day, [property: Key] string Currency, long Total, double Ratio, bool Flag, Guid Id, DateTimeOffset SeenAt, int? Maybe);

    public sealed record Keyless(string Name);

    public sealed record Odd([property: Key] string Name, byte[] Bytes);

    [Projection("rows")]
    public sealed class Rows : ITableProjection<Row>
    {
        public IEnumerable<RowChange<Row>> ChangesOf(ProjectedEvent projected) => [(RowChange<Row>)projected.Body];

        public IEnumerable<string> AlsoCreate(string table) => [$"alter table {table} add check (amount >= -10)", $"create index on {table} (last_note)"];
    }

    [Projection("wide")]
    public sealed class Wide : ITableProjection<WideRow>
    {
        public IEnumerable<RowChange<WideRow>> ChangesOf(ProjectedEvent projected) => [(RowChange<WideRow>)projected.Body];
    }

    [Projection("keyless")]
    public sealed class KeylessRows : ITableProjection<Keyless>
    {
        public IEnumerable<RowChange<Keyless>> ChangesOf(ProjectedEvent projected) => [];
    }

    [Projection("odd")]
    public sealed class OddRows : ITableProjection<Odd>
    {
        public IEnumerable<RowChange<Odd>> ChangesOf(ProjectedEvent projected) => [];
    }
}
