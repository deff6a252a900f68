using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Daybook.Postgres.Tables;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;

namespace Daybook.Postgres.Tests.Tables;

/// <summary>What row types make of columns: refused when the writer is made, so that no projection retries what can never succeed.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class ColumnTests(SharedPostgres postgres)
{
    [Theory]
    [InlineData(typeof(Twice), "second column \"user_id\"")]
    [InlineData(typeof(Hidden), "second column \"name\"")]
    [InlineData(typeof(LongName), "63 bytes")]
    [InlineData(typeof(LongUmlauts), "63 bytes")]
    [InlineData(typeof(SystemColumn), "'xmin'")]
    [InlineData(typeof(WriteOnly), "cannot be read")]
    [InlineData(typeof(Unsigned), "UInt32")]
    public void Row_type_that_makes_no_table_is_refused_by_its_property_when_the_writer_is_made(Type row, string why)
    {
        var refused = Assert.Throws<DaybookException>(() => TableColumn.AllOf(row));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Property_that_throws_when_it_is_read_is_named_by_its_column_with_its_error()
    {
        var column = TableColumn.AllOf(typeof(Throwing)).Single(c => c.Name == "\"total_sum\"");
        var refused = Assert.Throws<DaybookException>(() => column.ValueOf(new Throwing(1)));
        Assert.Equal((ErrorCode.InvalidArgument, "the column \"total_sum\" of a row cannot be read: no sum yet"), (refused.Code, refused.Message));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Reserved_words_upper_case_and_names_of_63_bytes_are_columns()
    {
        await using var sinks = new Sinks();
        var database = await postgres.DatabaseAsync();
        var writer = sinks.Open(database).Writer(new OddNames());
        await writer.StartAsync(default, new Epoch(1));
        var row = new OddName(1, 2, "t", 4) { Abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc = 5 };
        await writer.ApplyAsync(Batches.Of(0, row, row));
        await writer.ApplyAsync(Batches.Of(2, row));

        Assert.Equal("1|6|t|12|15", await Sql.QueryAsync(database, "select * from daybook.projection_odd_names_v1"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Statement_of_a_projection_that_the_server_refuses_is_an_error_that_is_not_tried_again()
    {
        await using var sinks = new Sinks();
        var writer = sinks.Open(await postgres.DatabaseAsync()).Writer(new WrongStatement());

        var refused = await Assert.ThrowsAsync<DaybookException>(() => writer.StartAsync(default, new Epoch(1)).AsTask());

        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains("no_such_column", refused.Message, StringComparison.Ordinal);
    }

    public sealed record Twice([property: Key] string UserId, string User_id);

    public record Base([property: Key] string Name);

    public sealed record Hidden(string Other) : Base("x")
    {
        public new int Name { get; init; }
    }

    public sealed record LongName([property: Key] string Key)
    {
        public int Abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd { get; init; }
    }

    public sealed record LongUmlauts([property: Key] string Key)
    {
        public int Äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüä { get; init; }
    }

    public sealed record SystemColumn([property: Key] string Key, long Xmin);

    public sealed record Throwing([property: Key] int Id)
    {
        public int TotalSum => Id > 0 ? throw new InvalidOperationException("no sum yet") : 0;
    }

    public sealed record Unsigned([property: Key] string Key, uint Count);

    public sealed class WriteOnly
    {
        [Key]
        public string Key { get; set; } = "";

        [SuppressMessage("Design", "CA1044", Justification = "What is tested.")]
        public string Secret
        {
            set => Key = value;
        }
    }

    public sealed record OddName([property: Key] int Order, int Select, string Table, decimal ÄndERUNG)
    {
        public int Abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc { get; init; }
    }

    [Projection("odd_names")]
    public sealed class OddNames : ITableProjection<OddName>
    {
        public IEnumerable<RowChange<OddName>> ChangesOf(ProjectedEvent projected) => [RowChange.Add((OddName)projected.Body)];
    }

    [Projection("wrong")]
    public sealed class WrongStatement : ITableProjection<Base>
    {
        public IEnumerable<RowChange<Base>> ChangesOf(ProjectedEvent projected) => [];

        public IEnumerable<string> AlsoCreate(string table) => [$"create index on {table} (no_such_column)"];
    }
}
