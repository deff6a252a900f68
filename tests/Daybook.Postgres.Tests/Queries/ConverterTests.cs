using System.Globalization;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Daybook.Postgres.Queries;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;

namespace Daybook.Postgres.Tests.Queries;

/// <summary>Properties with their own converters, and values at the ends of their ranges, in queries and indexes.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class ConverterTests(SharedPostgres postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 1, 10, 0, 0, TimeSpan.FromHours(5));
    private readonly Sinks _sinks = new();

    public static TheoryData<object> Unsendable { get; } = [new object(), new Uri("http://a"), Type.EmptyTypes, new Dictionary<int, int>()];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sinks.DisposeAsync();

    [SkippableFact(typeof(MissingToolException))]
    public async Task Properties_are_compared_ordered_and_indexed_as_their_own_converters_write_them()
    {
        var q = await FilledAsync();
        Assert.Equal("b c", await KeysAsync(q.Where(o => o.Status, Comparison.Equal, Status.Paid)));
        Assert.Equal("a", await KeysAsync(q.Where(o => o.Status, Comparison.NotEqual, Status.Paid)));
        Assert.Equal("c", await KeysAsync(q.Where(o => o.Maybe, Comparison.Equal, Status.Paid)));
        Assert.Equal("a b", await KeysAsync(q.Where(o => o.Maybe, Comparison.Equal, null)));
        Assert.Equal("a c b", await KeysAsync(q.OrderBy(o => o.Status).OrderBy(o => o.Hex)));
        Assert.Equal("a b c", await KeysAsync(q.OrderBy(o => o.Status)));
        Assert.Equal("b", await KeysAsync(q.Where(o => o.Status, Comparison.Equal, Status.Paid).Where(o => o.Plain, Comparison.Equal, Status.Paid)));
        Assert.Equal("b c", await KeysAsync(q.Where(o => o.Count, Comparison.AtLeast, 9)));
        Assert.Equal("b", await KeysAsync(q.Where(o => o.Hex, Comparison.Equal, 255)));
        Assert.Equal("a b", await KeysAsync(q.Where(o => o.Unix, Comparison.AtMost, s_at.AddDays(1))));
        Assert.Equal("c", await KeysAsync(q.Where(o => o.Named, Comparison.Equal, double.PositiveInfinity)));
        Assert.Equal("", await KeysAsync(q.Where(o => o.Status, Comparison.Equal, (Status)77)));
        Assert.Equal("", await KeysAsync(q.Where(o => o.Plain, Comparison.Equal, (Status)77)));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Values_at_the_ends_of_their_ranges_and_times_of_any_offset_are_found()
    {
        var q = await FilledAsync();
        Assert.Equal("b", await KeysAsync(q.Where(o => o.At, Comparison.Equal, s_at.ToUniversalTime())));
        Assert.Equal("c", await KeysAsync(q.Where(o => o.At, Comparison.Equal, DateTimeOffset.MaxValue)));
        Assert.Equal("a", await KeysAsync(q.Where(o => o.At, Comparison.Equal, DateTimeOffset.MinValue)));
        Assert.Equal("c", await KeysAsync(q.Where($"(document->>'At')::timestamptz = {DateTimeOffset.MaxValue}")));
        Assert.Equal("a", await KeysAsync(q.Where($"(document->>'At')::timestamptz = {DateTimeOffset.MinValue}")));
        Assert.Equal("a b", await KeysAsync(q.Where($"(document->>'At')::timestamptz < {s_at.AddHours(1)}")));
        Assert.Equal("b c", await KeysAsync(q.Where($"document->>'Status' = {Status.Paid.ToString()}")));
        Assert.Equal("b", await KeysAsync(q.Where($"(document->>'Plain')::numeric = {Status.Paid}")));
        Assert.Equal("c", await KeysAsync(q.Where($"(document->>'Big')::numeric = {ulong.MaxValue}")));
        Assert.Equal("c", await KeysAsync(q.Where(o => o.Big, Comparison.AtLeast, ulong.MaxValue)));
        Assert.Equal("c", await KeysAsync(q.Where(
            $"(document->>'Day')::date = {DateOnly.MaxValue} and {'x'} = 'x' and {uint.MaxValue} > 1 and {sbyte.MinValue} < {Half.MaxValue}")));
        Assert.Equal("", await KeysAsync(q.Where($"(document->>'At') = {null}")));
    }

    [SkippableTheory(typeof(MissingToolException))]
    [MemberData(nameof(Unsendable))]
    public async Task Value_in_SQL_that_cannot_be_sent_is_refused_as_an_argument(object value)
    {
        var q = await FilledAsync();
        var refused = await Assert.ThrowsAsync<DaybookException>(() => KeysAsync(q.Where($"document->>'Name' = {value}")));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Equal(ErrorCode.InvalidArgument, (await Assert.ThrowsAsync<DaybookException>(() => q.Where($"{value} is null").CountAsync().AsTask())).Code);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Values_that_no_document_can_hold_and_broken_formats_are_refused_at_the_call()
    {
        var q = await FilledAsync();
        string[] formats = ["key = {3}", "key = '{"];
        foreach (var ask in new Func<object>[]
        {
            () => q.Where(o => o.Name, Comparison.Equal, "a\0"), () => q.Where(o => o.Name, Comparison.Equal, "a\ud83d"), () => q.Where(o => o.Tags, Comparison.Equal, ["\0"]),
            () => q.Where(o => o.Tags, Comparison.Equal, ["\udc00"]), () => q.Where($"document->>'Name' = {"a\0"}"), () => q.Where($"document->>'Name' = {'\ud83d'}"),
            () => q.Where(FormattableStringFactory.Create(formats[0], "a")), () => q.Where(FormattableStringFactory.Create(formats[1], "a")),
            () => q.Where(o => o.Name, (Comparison)99, "a"), () => q.Where(o => o.Named, Comparison.Equal, 1).Where(o => o.Hex, Comparison.Equal, -1),
        })
            Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<DaybookException>(ask).Code);
        Assert.Equal("a", await KeysAsync(q.Where(o => o.Name, Comparison.Equal, "\ufffd")));
        Assert.Equal("b", await KeysAsync(q.Where(o => o.Name, Comparison.Equal, "o'Brien \" {0} \\ ✓")));
        Assert.Equal("c", await KeysAsync(q.Where(o => o.Name, Comparison.Equal, "")));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Keys_that_no_document_can_have_are_not_found_and_not_read_from()
    {
        await FilledAsync();
        var model = _model!;
        foreach (var key in new[] { "a\0b", "a\ud83d", "", new string('x', 5000) })
            Assert.Null(await model.GetAsync(key));
        Assert.Throws<DaybookException>(() => model.QueryAsync("a\0b"));
        Assert.Empty(await model.QueryAsync("z", limit: -1).ToListAsync());
        Assert.Equal(3, await model.QueryAsync(new string('x', 5000), descending: true).CountAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Documents_with_half_surrogates_or_values_too_long_for_their_index_are_poison_at_their_event()
    {
        var writer = _sinks.Open(await postgres.DatabaseAsync()).Writer(new Ords());
        await writer.StartAsync(default, new Epoch(1));
        var random = new Random(1);
        foreach (var bad in new[]
        {
            Document("x") with { Name = "abc\ud83d" }, Document("x") with { Tags = ["ok", "\ude00"] }, Document("x") with { Letter = '\ud83d' },
            Document("x") with { Name = new string([.. Enumerable.Range(0, 9000).Select(_ => (char)random.Next(0x4e00, 0x9000))]) },
        })
        {
            var poison = await Assert.ThrowsAsync<PoisonEventException>(
                () => writer.ApplyAsync(Batches.Of(0, Document("a"), bad, Document("z"))).AsTask());
            Assert.Equal(new JournalOffset(1), poison.Recorded.Position.Offset);
        }
        await writer.ApplyAsync(Batches.Of(0, Document("a") with { Name = "\ufffd 😀" }));
    }

    private IReadModel<Ord>? _model;

    private async Task<PostgresQuery<Ord>> FilledAsync()
    {
        var sink = _sinks.Open(await postgres.DatabaseAsync());
        var writer = sink.Writer(new Ords());
        await writer.StartAsync(default, new Epoch(1));
        await writer.ApplyAsync(Batches.Of(0,
            Document("a") with { At = DateTimeOffset.MinValue, Name = "\ufffd", Hex = 1 },
            Document("b") with { Status = Status.Paid, Plain = Status.Paid, Count = 9, Hex = 255, At = s_at, Unix = s_at, Name = "o'Brien \" {0} \\ ✓" },
            Document("c") with
            {
                Status = Status.Paid, Maybe = Status.Paid, Count = 10, Hex = 16, At = DateTimeOffset.MaxValue, Unix = s_at.AddYears(1), Name = "",
                Named = double.PositiveInfinity, Big = ulong.MaxValue, Day = DateOnly.MaxValue,
            }));
        _model = sink.ReadModel(new Ords());
        return _model.InPostgres();
    }

    private static Ord Document(string id) => new() { Id = id };

    private static async Task<string> KeysAsync(PostgresQuery<Ord> query) => string.Join(' ', await query.Select(o => o.Key).ToListAsync());

    public enum Status
    {
        Open,
        Paid,
    }

    public sealed record Ord
    {
        public string Id { get; init; } = "";

        [JsonConverter(typeof(JsonStringEnumConverter<Status>))]
        public Status Status { get; init; }

        [JsonConverter(typeof(JsonStringEnumConverter<Status>))]
        public Status? Maybe { get; init; }

        public Status Plain { get; init; }

        [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
        public int Count { get; init; } = 5;

        [JsonConverter(typeof(HexConverter))]
        public int Hex { get; init; }

        [JsonConverter(typeof(UnixConverter))]
        public DateTimeOffset Unix { get; init; }

        [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
        public double Named { get; init; }

        public DateTimeOffset At { get; init; }

        public string Name { get; init; } = "n";

        public char Letter { get; init; } = 'l';

        public ulong Big { get; init; }

        public DateOnly Day { get; init; }

        public string[] Tags { get; init; } = [];
    }

    private sealed class HexConverter : JsonConverter<int>
    {
        public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            int.Parse(reader.GetString()![1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value < 0 ? throw new OverflowException("a negative number") : $"x{value:x4}");
    }

    private sealed class UnixConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToUnixTimeSeconds());
    }

    [Projection("ords")]
    private sealed class Ords : IDocumentProjection<Ord>, IIndexedDocuments<Ord>
    {
        public IEnumerable<Expression<Func<Ord, object?>>> Indexed =>
            [o => o.Status, o => o.Maybe, o => o.Plain, o => o.Count, o => o.Hex, o => o.Unix, o => o.Named, o => o.Name, o => o.Big, o => o.Tags];

        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [((Ord)projected.Body).Id];

        public Ord? Apply(string key, Ord? document, ProjectedEvent projected) => (Ord)projected.Body;
    }
}
