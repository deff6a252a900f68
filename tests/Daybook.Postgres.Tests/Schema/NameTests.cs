using Daybook.Postgres.Builds;
using Daybook.Postgres.Schema;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;

namespace Daybook.Postgres.Tests.Schema;

/// <summary>Names that a book makes in the database: whole, apart, and quoted.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class NameTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly Sinks _sinks = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sinks.DisposeAsync();

    [Fact]
    public void Relations_of_every_build_fit_into_63_bytes_and_no_two_have_one_name()
    {
        var name = new string('n', ProjectionId.MaxNameLength);
        var builds =
            from version in new[] { 1, 2, 20261130, 2026113001, int.MaxValue }
            from number in new[] { 1, 2, 3, 21, 22, int.MaxValue }
            select new BuildKey(new ProjectionId(name, version), number);
        var names = builds.SelectMany(b => new[] { b.Table, b.EventsTable }).Concat(builds.Select(b => b.LiveView).Distinct()).Append(builds.First().ShownView).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, n => Assert.InRange(n.Length, 1, 63));
    }

    [Fact]
    public void Names_that_fit_are_those_of_earlier_versions()
    {
        var build = new BuildKey(new ProjectionId("balances", 12), 3);
        Assert.Equal("projection_balances_v12_b3", build.Table);
        Assert.Equal("projection_balances_v12_b3_e", build.EventsTable);
        Assert.Equal("projection_balances_v12_live", build.LiveView);
        Assert.Equal("projection_balances", build.ShownView);
        Assert.Null(build.CutLiveView);
    }

    [Fact]
    public void Long_names_are_cut_between_characters_and_distinguished_by_a_hash()
    {
        var (one, other) = (new string('€', 40) + "1", new string('€', 40) + "2");
        Assert.NotEqual(Identifier.Fitted(one), Identifier.Fitted(other));
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(Identifier.Fitted(one)), 50, 63);
        Assert.StartsWith("€€€", Identifier.Fitted(one), StringComparison.Ordinal);
        Assert.Equal(new string('€', 21), Identifier.Cut(one));
        Assert.Equal("\"a\"\"b\"", Identifier.Quoted("a\"b"));
    }

    [Theory]
    [InlineData("a", 1, "a_v1")]
    [InlineData("a", 1, "a_v1_live")]
    [InlineData("a", 1, "a_v1_b12")]
    [InlineData("a", 1, "a_v1_b2_e")]
    [InlineData("a", 1, "a_v1_pkey")]
    [InlineData("a", 1, "a_v1_note_idx1")]
    public void Projections_whose_relations_could_take_each_others_names_are_refused(string name, int version, string other)
    {
        var (x, y) = (new ProjectionId(name, version), new ProjectionId(other, 1));
        Assert.Contains(other, Assert.Throws<DaybookException>(() => BuildKey.RequireApart(x, y)).Message, StringComparison.Ordinal);
        Assert.Throws<DaybookException>(() => BuildKey.RequireApart(y, x));
        BuildKey.RequireApart(new ProjectionId(name, version + 1), y);
        BuildKey.RequireApart(x, new ProjectionId("a_v10", 1));
        BuildKey.RequireApart(x, new ProjectionId("a_v1_summary", 1));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Projection_that_would_take_the_place_of_anothers_view_is_refused_in_one_book_and_beside_a_stored_one()
    {
        var database = await postgres.DatabaseAsync();
        var sink = _sinks.Open(database);
        await sink.Writer(new CountingProjection()).StartAsync(default, new Epoch(1));
        await sink.Writer(new CountingProjection()).ApplyAsync(Batches.Of(0, new Added(1, "a")));

        Assert.Throws<DaybookException>(() => sink.Writer(new LiveOfTally()));
        var refused = await Assert.ThrowsAsync<DaybookException>(() => _sinks.Open(database).Writer(new LiveOfTally()).StartAsync(default, new Epoch(1)).AsTask());

        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains("tally v1", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new Tally(1, 1), await sink.ReadModel(new CountingProjection()).GetAsync("a"));
    }

    [Fact]
    public void One_name_for_two_classes_or_two_kinds_of_documents_is_refused_by_both()
    {
        var sink = _sinks.Open("Host=db");
        sink.Writer<First>(new Both());

        Assert.Contains("Other", Assert.Throws<DaybookException>(() => sink.Writer(new Other())).Message, StringComparison.Ordinal);
        Assert.Contains("Second", Assert.Throws<DaybookException>(() => sink.ReadModel<Second>(new Both())).Message, StringComparison.Ordinal);
        sink.ReadModel<First>(new Both());
    }

    [SkippableTheory(typeof(MissingToolException))]
    [InlineData("user")]
    [InlineData("order")]
    [InlineData("select")]
    [InlineData("table")]
    [InlineData("all")]
    [InlineData("authorization")]
    [InlineData("between")]
    [InlineData("listen")]
    public async Task Schema_named_by_a_reserved_word_is_quoted_everywhere(string schema)
    {
        var database = await postgres.DatabaseAsync();
        await using var node = await NodeAsync(database, schema);
        await node.Host.WaitForAsync("tally", new Position(default, new JournalOffset(1)), new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        foreach (var command in new[] { "status", "rebuild tally", "verify tally", "back tally", "drop tally --build 2" })
        {
            var (code, output, error) = await Builds.Node.TryAsync(database, command, schema);
            Assert.True(code == 0, $"{command}: {error}{output}");
        }
        Assert.Equal(new Tally(3, 2), await node.Sink.ReadModel(new CountingProjection()).GetAsync("a"));
        Assert.Equal("2", await Sql.QueryAsync(database, $"select document->>'Count' from {node.Sink.ViewOf(new ProjectionId("tally", 1))}"));
        var lines = _sinks.Open(database, o => o with { Schema = schema }).Writer(new Raw.RawProjectionTests.Lines());
        await lines.StartAsync(default, new Epoch(1));
        await lines.ApplyAsync(Batches.Of(0, "a"));
        Assert.Equal("a", await Sql.QueryAsync(database, $"select line from \"{schema}\".lines"));
    }

    private static Task<Builds.Node> NodeAsync(string database, string schema)
    {
        var feed = new Daybook.Testing.Projections.MemoryEventFeed(default);
        feed.Append("s", new Added(1, "a"));
        feed.Append("s", new Added(2, "a"));
        return Builds.Node.StartAsync(database, [feed], with: o => o with { Schema = schema });
    }

    public sealed record First(int N);

    public sealed record Second(int N);

    [Projection("tally_v1_live")]
    private sealed class LiveOfTally : IDocumentProjection<First>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [];

        public First? Apply(string key, First? document, ProjectedEvent projected) => document;
    }

    [Projection("both")]
    private sealed class Both : IDocumentProjection<First>, IDocumentProjection<Second>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [];

        public First? Apply(string key, First? document, ProjectedEvent projected) => document;

        public Second? Apply(string key, Second? document, ProjectedEvent projected) => document;
    }

    [Projection("both")]
    private sealed class Other : IDocumentProjection<First>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [];

        public First? Apply(string key, First? document, ProjectedEvent projected) => document;
    }
}
