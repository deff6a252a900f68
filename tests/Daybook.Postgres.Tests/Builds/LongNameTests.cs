using Daybook.Postgres.Builds;
using Daybook.Postgres.Tables;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;

namespace Daybook.Postgres.Tests.Builds;

/// <summary>Builds of a projection whose tables would have names that the server cuts.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class LongNameTests(SharedPostgres postgres)
{
    private const string Name = "a234567890b234567890c234567890d234567890";
    private readonly MemoryEventFeed _feed = new(default);

    [SkippableTheory(typeof(MissingToolException))]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Builds_are_filled_verified_shown_and_dropped_each_by_itself(bool documents)
    {
        var database = await postgres.DatabaseAsync();
        await using var node = await StartAsync(database, documents);
        foreach (var command in new[] { "rebuild", "back", "rebuild", "verify", "back", "back", "drop" })
            await node.DoAsync(command == "drop" ? $"drop {Name} --build 2" : $"{command} {Name}");
        await node.AppliedAsync(_feed.Append("s", new Added(1, "a")), Name);

        var (second, third) = (new BuildKey(new ProjectionId(Name, 20261130), 2), new BuildKey(new ProjectionId(Name, 20261130), 3));
        Assert.Equal($"null|{third.Table}", await Sql.QueryAsync(database,
            $"select to_regclass('daybook.{second.Table}')::text, (select relname::text from pg_class where oid = to_regclass('daybook.{third.Table}'))"));
        var count = documents ? "(document->>'Count')::bigint" : "n";
        Assert.Equal("1 3", await Sql.QueryAsync(database, "select build from daybook.builds order by 1"));
        Assert.Equal("3|3", await Sql.QueryAsync(database,
            $"select (select {count} from daybook.projection_{Name}), {count} from daybook.\"{third.LiveView}\""));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Schema_in_which_the_server_had_cut_the_name_of_a_view_gets_the_view_and_can_be_dropped()
    {
        var database = await postgres.DatabaseAsync();
        var build = new BuildKey(new ProjectionId(Name, 20261130));
        await using (var first = await StartAsync(database, documents: true))
            await first.AppliedAsync(new Position(default, _feed.Head.Plus(-1)), Name);
        await Sql.ExecuteAsync(database, $"alter view daybook.\"{build.LiveView}\" rename to \"{build.CutLiveView}\"");

        await using (var second = await StartAsync(database, documents: true))
        {
            await second.AppliedAsync(_feed.Append("s", new Added(1, "a")), Name);
            Assert.Equal(3, (await second.Sink.ReadModel(new LongDocuments()).GetAsync("a"))?.Count);
        }
        await using var connection = new Npgsql.NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        var row = (await BuildRow.ReadAsync(connection, new Daybook.Postgres.Schema.SchemaName("daybook"), default, Name)).Single();
        await Sql.ExecuteAsync(database, $"drop view daybook.projection_{Name}");
        await using var transaction = await connection.BeginTransactionAsync();
        await new BuildChanges(new Daybook.Postgres.Schema.SchemaName("daybook")).DropAsync(connection, row, whole: true, default);
        await transaction.CommitAsync();
        Assert.Equal("0", await Sql.QueryAsync(database, "select count(*) from pg_class where relname like 'projection\\_a%'"));
    }

    private async Task<Node> StartAsync(string database, bool documents)
    {
        if (_feed.Head == default)
        {
            _feed.Append("s", new Added(1, "a"));
            _feed.Append("s", new Added(2, "a"));
        }
        return await Node.StartAsync(database, [_feed], sink => documents ? sink.Writer(new LongDocuments()) : sink.Writer(new LongRows()));
    }

    public sealed record Row([property: System.ComponentModel.DataAnnotations.Key] string Key, long N);

    [Projection(Name, Version = 20261130)]
    public sealed class LongDocuments : IDocumentProjection<Tally>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => ["a"];

        public Tally Apply(string key, Tally? document, ProjectedEvent projected) => new((document?.Sum ?? 0) + 1, (document?.Count ?? 0) + 1);
    }

    [Projection(Name, Version = 20261130)]
    public sealed class LongRows : ITableProjection<Row>
    {
        public IEnumerable<RowChange<Row>> ChangesOf(ProjectedEvent projected) => [RowChange.Add(new Row("a", 1))];
    }
}
