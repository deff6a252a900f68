using Daybook.Postgres.Schema;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;

namespace Daybook.Postgres.Tests.Schema;

[Collection(SharedPostgresCollection.Name)]
public sealed class VersionTests(SharedPostgres postgres)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Changed_code_without_a_new_version_is_refused_with_what_to_do()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        await sinks.Open(database).Writer(new Before()).StartAsync(default, new Epoch(1));

        foreach (var changed in new[] { sinks.Open(database).Writer(new MoreEvents()), sinks.Open(database).Writer(new OtherDocument()) })
        {
            var refused = await Assert.ThrowsAsync<DaybookException>(() => changed.StartAsync(default, new Epoch(2)).AsTask());
            Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
            Assert.Contains("Raise the version", refused.Message, StringComparison.Ordinal);
            Assert.Contains("stored: document: events test.paid.v1; document { Amount: Decimal }", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal("1", await Sql.QueryAsync(database, "select epoch from daybook.checkpoints"));
        await sinks.Open(database).Writer(new MoreEvents2()).StartAsync(default, new Epoch(2));
        await sinks.Open(database).Writer(new Before()).StartAsync(default, new Epoch(2));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Versions_stay_beside_each_other_after_the_new_one_has_caught_up()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var sink = sinks.Open(database);
        var (old, next) = (sink.Writer(new CountingProjection()), sink.Writer(new CountingProjection2()));
        await old.StartAsync(default, new Epoch(1));
        await old.ApplyAsync(Batches.Of(0, new Added(1, "a")));
        await next.StartAsync(default, new Epoch(1));
        await next.ApplyAsync(Batches.Of(0, new Added(1, "a")));
        await next.CaughtUpAsync(default, new Epoch(1));

        await old.ApplyAsync(Batches.Of(1, new Added(1, "a")));

        Assert.Equal(new Tally(2, 2), await sink.ReadModel(new CountingProjection()).GetAsync("a"));
        Assert.Equal(new Tally(2, 1), await sink.ReadModel(new CountingProjection2()).GetAsync("a"));
        Assert.Equal("1|False 2|True", await Sql.QueryAsync(database, "select version, caught_up from daybook.checkpoints order by version"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Table_that_is_gone_is_not_taken_for_an_empty_one()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        await sinks.Open(database).Writer(new CountingProjection()).StartAsync(default, new Epoch(1));
        await Sql.ExecuteAsync(database, "drop table daybook.projection_tally_v1 cascade");

        var refused = await Assert.ThrowsAsync<DaybookException>(() => sinks.Open(database).Writer(new CountingProjection()).StartAsync(default, new Epoch(1)).AsTask());

        Assert.Equal(ErrorCode.Corrupted, refused.Code);
        Assert.Contains("projection_tally_v1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shape_names_the_events_of_every_disguise_and_the_properties_of_the_document_but_no_assembly()
    {
        Assert.Equal(
            "events test.closed.v1, test.paid.v1, test.refunded.v1, test.renamed.v1; " +
            "document { Children: List<Deep>, Kind: DayOfWeek, Name: String, Parts: { Amount: Decimal }[], When: DateTimeOffset? }",
            ProjectionShape.OfDocument(typeof(Disguised), typeof(Deep)));
    }

    [EventType("test.paid.v1")]
    public sealed record Paid(decimal Amount);

    [EventType("test.refunded.v1")]
    public sealed record Refunded(decimal Amount);

    [EventType("test.renamed.v1")]
    public sealed record Renamed(string Name);

    [EventType("test.closed.v1")]
    public readonly record struct Closed;

    public sealed record Money(decimal Amount);

    public sealed record OtherMoney(decimal Amount, string Currency);

    public sealed record Deep(string Name, DayOfWeek Kind, DateTimeOffset? When, Money[] Parts, List<Deep> Children);

    [Projection("paid")]
    public sealed class Before : IDocumentProjection<Money>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => projected.Body is Paid ? ["all"] : [];

        public Money Apply(string key, Money? document, ProjectedEvent projected) => new(0);
    }

    [Projection("paid")]
    public sealed class MoreEvents : IDocumentProjection<Money>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => projected.Body is Paid or Refunded ? ["all"] : [];

        public Money Apply(string key, Money? document, ProjectedEvent projected) => new(0);
    }

    [Projection("paid", Version = 2)]
    public sealed class MoreEvents2 : IDocumentProjection<Money>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => projected.Body is Paid or Refunded ? ["all"] : [];

        public Money Apply(string key, Money? document, ProjectedEvent projected) => new(0);
    }

    [Projection("paid")]
    public sealed class OtherDocument : IDocumentProjection<OtherMoney>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => projected.Body is Paid ? ["all"] : [];

        public OtherMoney Apply(string key, OtherMoney? document, ProjectedEvent projected) => new(0, "EUR");
    }

    private sealed class Disguised
    {
        public static bool Matches(object body) => body is Closed || OfType<Refunded>(body) is not null;

        public static IEnumerable<string> Names(object[] bodies)
        {
            foreach (var renamed in bodies.Where(b => b is Renamed))
                yield return ((Renamed)renamed).Name;
        }

        public static Func<object, decimal> Amount() => body => ((Paid)body).Amount;

        private static T? OfType<T>(object body)
            where T : class => body as T;
    }
}
