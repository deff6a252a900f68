using Daybook.Postgres.Tests.Support;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;

namespace Daybook.Postgres.Tests.Schema;

[Collection(SharedPostgresCollection.Name)]
public sealed class MigrationTests(SharedPostgres postgres)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Schema_of_the_first_format_gets_builds_and_views_and_goes_on_from_its_checkpoints()
    {
        var database = await postgres.DatabaseAsync();
        await Sql.ExecuteAsync(database, $"create schema daybook; {First().Replace("{schema}", "daybook", StringComparison.Ordinal)}");
        await Sql.ExecuteAsync(database,
            """
            create table daybook.format (number integer primary key, applied_at timestamptz not null default now(), flushed_at timestamptz);
            insert into daybook.format (number) values (1);
            insert into daybook.projections (name, version, kind, shape) values ('tally', 1, 'document', 'events ; document { Count: Int64, Note: String, Sum: Decimal }');
            create table daybook.projection_tally_v1 (key text collate "C" not null primary key, document jsonb not null);
            insert into daybook.projection_tally_v1 values ('a', '{"Sum": 3, "Count": 2}');
            insert into daybook.checkpoints values ('tally', 1, 0, 2, 1, true);
            """);
        await using var sinks = new Sinks();
        var sink = sinks.Open(database);
        var writer = sink.Writer(new CountingProjection());

        Assert.Equal(new JournalOffset(2), await writer.StartAsync(default, new Epoch(2)));
        await writer.ApplyAsync(Batches.Of(0, 2, 2, new Added(4, "a")));

        Assert.Equal(new Tally(7, 3), await sink.ReadModel(new CountingProjection()).GetAsync("a"));
        Assert.Equal("7", await Sql.QueryAsync(database, "select document->>'Sum' from daybook.projection_tally"));
        Assert.Equal("tally|1|1|live", await Sql.QueryAsync(database, "select projection, version, build, state from daybook.builds where shown > 0"));
    }

    private static string First()
    {
        using var reader = new StreamReader(typeof(PostgresProjections).Assembly.GetManifestResourceStream("Daybook.Postgres.Schema.Migrations.0001_checkpoints.sql")!);
        return reader.ReadToEnd();
    }
}
