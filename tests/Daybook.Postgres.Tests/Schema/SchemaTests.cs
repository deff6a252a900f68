using Daybook.Postgres.Schema;
using Daybook.Postgres.Tests.Support;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;

namespace Daybook.Postgres.Tests.Schema;

[Collection(SharedPostgresCollection.Name)]
public sealed class SchemaTests(SharedPostgres postgres)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Many_concurrent_nodes_create_one_schema_and_start_one_projection()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var writers = Enumerable.Range(0, 8).Select(_ => sinks.Open(database).Writer(new CountingProjection())).ToList();

        var starts = await Task.WhenAll(writers.Select((w, partition) => Task.Run(() => w.StartAsync(new PartitionId(partition), new Epoch(1)).AsTask())));

        Assert.All(starts, start => Assert.Equal(default, start));
        Assert.Equal($"{SchemaMigrator.Format}", await Sql.QueryAsync(database, "select count(*) from daybook.format"));
        Assert.Equal("tally|1|document", await Sql.QueryAsync(database, "select name, version, kind from daybook.projections"));
        Assert.Equal("8", await Sql.QueryAsync(database, "select count(*) from daybook.checkpoints"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Schemas_of_one_database_are_books_of_their_own()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var (mine, yours) = (sinks.Open(database, o => o with { Schema = "mine" }), sinks.Open(database, o => o with { Schema = "yours" }));
        await mine.Writer(new CountingProjection()).StartAsync(default, new Epoch(1));
        await mine.Writer(new CountingProjection()).ApplyAsync(Batches.Of(0, new Added(1, "a")));

        Assert.Equal(default, await yours.Writer(new CountingProjection()).StartAsync(default, new Epoch(1)));
        Assert.Equal(new Tally(1, 1), await mine.ReadModel(new CountingProjection()).GetAsync("a"));
        Assert.Null(await yours.ReadModel(new CountingProjection()).GetAsync("a"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Schema_of_a_newer_version_is_refused_and_left_alone()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        await sinks.Open(database).OpenAsync();
        await Sql.ExecuteAsync(database, "insert into daybook.format (number) values (9999)");

        var refused = await Assert.ThrowsAsync<DaybookException>(() => sinks.Open(database).OpenAsync().AsTask());

        Assert.Equal(ErrorCode.NewerFormat, refused.Code);
        Assert.Contains("format 9999", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task User_without_rights_gets_an_error_that_names_them_and_works_once_granted()
    {
        var server = await postgres.StartedAsync();
        var database = await postgres.DatabaseAsync();
        var name = new Npgsql.NpgsqlConnectionStringBuilder(database).Database!;
        await Sql.ExecuteAsync(database, $"create role weak_{name} login");
        await using var sinks = new Sinks();
        var sink = sinks.Open(server.ConnectionStringTo(name, $"weak_{name}"));

        var refused = await Assert.ThrowsAsync<DaybookException>(() => sink.OpenAsync().AsTask());

        Assert.Equal(ErrorCode.StoreFailed, refused.Code);
        Assert.Contains("CREATE on the database", refused.Message, StringComparison.Ordinal);
        await Sql.ExecuteAsync(database, $"create schema daybook authorization weak_{name}");
        Assert.Equal(default, await sink.Writer(new CountingProjection()).StartAsync(default, new Epoch(1)));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Wrong_connection_strings_are_refused_with_what_is_wrong()
    {
        var server = await postgres.StartedAsync();
        await using var sinks = new Sinks();

        async Task ExpectAsync(string connectionString, string what, ErrorCode code = ErrorCode.StoreFailed)
        {
            var refused = await Assert.ThrowsAsync<DaybookException>(() => sinks.Open(connectionString).OpenAsync().AsTask());
            Assert.Equal(code, refused.Code);
            Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        }

        await ExpectAsync(server.ConnectionStringTo("nowhere"), "database \"nowhere\" does not exist");
        await ExpectAsync(server.ConnectionStringTo("postgres", "nobody_here"), "refused the user: role \"nobody_here\" does not exist");
        await ExpectAsync("Host=127.0.0.1;Port=1;Database=x;Username=y", "'x' at 127.0.0.1:1 could not be reached", ErrorCode.Unavailable);
    }

    [Theory]
    [InlineData("", "daybook", "must be an Npgsql connection string")]
    [InlineData("Hots=db", "daybook", "not a valid Npgsql connection string")]
    [InlineData("Host=db;Port=many", "daybook", "not a valid Npgsql connection string")]
    [InlineData("Database=x", "daybook", "names no Host")]
    [InlineData("Host=db", "", "Schema is ''")]
    [InlineData("Host=db", "Mixed", "Schema is 'Mixed'")]
    [InlineData("Host=db", "pg_mine", "Schema is 'pg_mine'")]
    [InlineData("Host=db", "a\"; drop", "Schema is")]
    public void Bad_options_are_refused_by_name(string connectionString, string schema, string what)
    {
        var refused = Assert.Throws<DaybookException>(() =>
            new PostgresProjections(new PostgresProjectionOptions { ConnectionString = connectionString, Schema = schema }));

        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
    }
}
