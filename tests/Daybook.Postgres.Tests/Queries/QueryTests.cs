using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Serialization;
using Daybook.Postgres.Queries;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Servers.Debian;
using Npgsql;

namespace Daybook.Postgres.Tests.Queries;

[Collection(SharedPostgresCollection.Name)]
public sealed class QueryTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly Sinks _sinks = new();
    private string _database = "";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sinks.DisposeAsync();

    [SkippableFact(typeof(MissingToolException))]
    public async Task Documents_are_found_by_properties_of_every_kind()
    {
        var orders = await FilledAsync();
        Assert.Equal("b c", await KeysAsync(orders.Where(o => o.Currency, Comparison.Equal, "EUR")));
        Assert.Equal("a d", await KeysAsync(orders.Where(o => o.Currency, Comparison.NotEqual, "EUR")));
        Assert.Equal("b", await KeysAsync(orders.Where(o => o.Total, Comparison.Equal, 0.1m + 0.2m)));
        Assert.Equal("a c", await KeysAsync(orders.Where(o => o.Total, Comparison.AtLeast, 9m)));
        Assert.Equal("b", await KeysAsync(orders.Where(o => o.State, Comparison.Equal, State.Paid)));
        Assert.Equal("c", await KeysAsync(orders.Where(o => o.Address!.City, Comparison.Equal, "O'Hare \"x\"")));
        Assert.Equal("a b d", await KeysAsync(orders.Where(o => o.Address, Comparison.Equal, null)));
        Assert.Equal("c", await KeysAsync(orders.Where(o => o.Address, Comparison.NotEqual, null)));
        Assert.Equal("a", await KeysAsync(orders.Where(o => o.IsGift, Comparison.Equal, true)));
        Assert.Equal("c d", await KeysAsync(orders.Where(o => o.Day, Comparison.Above, new DateOnly(2026, 2, 1))));
        Assert.Equal("a b", await KeysAsync(orders.Where(o => o.At, Comparison.AtMost, new DateTimeOffset(2026, 1, 2, 1, 0, 0, TimeSpan.FromHours(2)))));
        Assert.Equal("d", await KeysAsync(orders.Where(o => o.Customer, Comparison.Equal, new Customer("zoe"))));
        Assert.Equal("b d", await KeysAsync(orders.Where(o => o.Tags, Comparison.Equal, ["x", "y"])));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Conditions_join_and_the_order_and_the_number_are_as_asked_for()
    {
        var orders = await FilledAsync();
        Assert.Equal("c", await KeysAsync(orders.Where(o => o.Currency, Comparison.Equal, "EUR").Where(o => o.Total, Comparison.Above, 1m)));
        Assert.Equal("a c b d", await KeysAsync(orders.OrderBy(o => o.Total, descending: true)));
        Assert.Equal("a c", await KeysAsync(orders.OrderBy(o => o.Total, descending: true).Take(3).Take(2)));
        Assert.Equal(2, await orders.Where(o => o.Currency, Comparison.Equal, "EUR").Take(1).CountAsync());
        Assert.Equal(4, await orders.CountAsync());
        var (_, document) = await orders.Where(o => o.Total, Comparison.Above, 1000m).OrderBy(o => o.Day).SingleAsync();
        Assert.Equal("12345678901234567890.12345678", document.Total.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_condition_in_SQL_takes_what_is_interpolated_as_values_only()
    {
        var orders = await FilledAsync();
        var tag = "y";
        Assert.Equal("b d", await KeysAsync(orders.Where($"document->'Tags' ? {tag}").Where(o => o.Total, Comparison.AtLeast, -1m)));
        var hostile = "'); drop table x; --";
        Assert.Equal("", await KeysAsync(orders.Where(o => o.Currency, Comparison.Equal, hostile).Where($"key <> {hostile}")));
        var refused = await Assert.ThrowsAsync<DaybookException>(() => KeysAsync(orders.Where($"no_such_column = {tag}")));
        Assert.Contains("no_such_column", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Indexed_properties_have_indexes_that_queries_use()
    {
        var orders = await FilledAsync();
        Assert.Contains("Index Cond", await PlanAsync(orders.Where(o => o.Currency, Comparison.Equal, "EUR")), StringComparison.Ordinal);
        Assert.Contains("Index Cond", await PlanAsync(orders.Where(o => o.Total, Comparison.AtLeast, 9m)), StringComparison.Ordinal);
        Assert.Contains("Index Cond", await PlanAsync(orders.Where(o => o.Address!.City, Comparison.Equal, "Rome")), StringComparison.Ordinal);
        Assert.DoesNotContain("Index Cond", await PlanAsync(orders.Where(o => o.Day, Comparison.Equal, default(DateOnly))), StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task An_unsupported_query_is_refused_and_the_error_names_the_property()
    {
        var orders = await FilledAsync();
        Assert.Contains("Hidden", Refused(() => orders.Where(o => o.Hidden, Comparison.Equal, 1)), StringComparison.Ordinal);
        Assert.Contains("not a property", Refused(() => orders.Where(o => o.Currency.ToLowerInvariant(), Comparison.Equal, "x")), StringComparison.Ordinal);
        Assert.Contains("not a property", Refused(() => orders.Where(o => o, Comparison.Equal, null)), StringComparison.Ordinal);
        Assert.Contains("has no order", Refused(() => orders.Where(o => o.Tags, Comparison.Below, ["x"])), StringComparison.Ordinal);
        Assert.Contains("has no order", Refused(() => orders.Where(o => o.Address, Comparison.Below, null)), StringComparison.Ordinal);
        Assert.Contains("cannot be serialized", Refused(() => orders.Where(o => o.Weight, Comparison.Equal, double.NaN)), StringComparison.Ordinal);
        Assert.Contains("not in PostgreSQL", Refused(() => new MemoryProjections().ReadModel(new Orders()).InPostgres()), StringComparison.Ordinal);

        var time = Assert.Throws<DaybookException>(() => _sinks.Open(_database).Writer(new ByTime()));
        Assert.Contains("cannot be indexed", time.Message, StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Values_whose_text_sorts_in_another_order_are_compared_for_equality_only()
    {
        var sink = _sinks.Open(await postgres.DatabaseAsync());
        var writer = sink.Writer(new Calls());
        await writer.StartAsync(default, new Epoch(1));
        await writer.ApplyAsync(Batches.Of(0,
            new Call("a", TimeSpan.FromDays(1), new Version(1, 10)), new Call("b", TimeSpan.FromHours(23), new Version(1, 9))));
        var calls = sink.ReadModel(new Calls()).InPostgres();
        Assert.Equal("a", (await calls.Where(c => c.Lasting, Comparison.Equal, TimeSpan.FromDays(1)).SingleAsync()).Key);
        Assert.Equal("a", (await calls.Where(c => c.Client, Comparison.NotEqual, new Version(1, 9)).SingleAsync()).Key);
        Assert.Contains("Lasting", Refused(() => calls.Where(c => c.Lasting, Comparison.Above, TimeSpan.FromHours(23))), StringComparison.Ordinal);
        Assert.Contains("Version", Refused(() => calls.Where(c => c.Client, Comparison.AtMost, new Version(1, 9))), StringComparison.Ordinal);
        Assert.Contains("Lasting", Refused(() => calls.OrderBy(c => c.Lasting)), StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Before_the_projection_has_started_there_is_nothing()
    {
        var orders = _sinks.Open(await postgres.DatabaseAsync()).ReadModel(new Orders()).InPostgres();
        Assert.Equal("", await KeysAsync(orders.Where(o => o.Currency, Comparison.Equal, "EUR")));
        Assert.Equal(0, await orders.CountAsync());
    }

    private async Task<PostgresQuery<Order>> FilledAsync()
    {
        var sink = _sinks.Open(_database = await postgres.DatabaseAsync());
        var (writer, at) = (sink.Writer(new Orders()), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await writer.StartAsync(default, new Epoch(1));
        await writer.ApplyAsync(Batches.Of(0,
            new Order("a", "USD", 12345678901234567890.12345678m, State.Open, null, true, new DateOnly(2026, 1, 1), at, new Customer("al"), [], 1),
            new Order("b", "EUR", 0.30m, State.Paid, null, false, new DateOnly(2026, 2, 1), at.AddHours(23), new Customer("bo"), ["x", "y"], 2),
            new Order("c", "EUR", 9m, State.Open, new Address("O'Hare \"x\""), false, new DateOnly(2026, 3, 1), at.AddDays(2), new Customer("al"), ["x"], 3),
            new Order("d", "usd", -1m, State.Open, null, false, new DateOnly(2026, 10, 1), at.AddDays(3), new Customer("zoe"), ["x", "y"], 4)));
        return sink.ReadModel(new Orders()).InPostgres();
    }

    private async Task<string> PlanAsync(PostgresQuery<Order> query)
    {
        await using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        await using (var off = new NpgsqlCommand("set enable_seqscan to off", connection))
            await off.ExecuteNonQueryAsync();
        await using var explain = connection.CreateCommand();
        query.Fill(explain);
        explain.CommandText = "explain " + explain.CommandText;
        var plan = new List<string>();
        await using var reader = await explain.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));
        return string.Join('\n', plan);
    }

    private static async Task<string> KeysAsync(PostgresQuery<Order> query) => string.Join(' ', await query.Select(o => o.Key).ToListAsync());

    private static string Refused(Func<object> ask)
    {
        var refused = Assert.Throws<DaybookException>(ask);
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        return refused.Message;
    }

    private enum State
    {
        Open,
        Paid,
    }

    private sealed record Address([property: JsonPropertyName("the \"city\"'s name")] string City);

    [JsonConverter(typeof(CustomerConverter))]
    private readonly record struct Customer(string Name);

    private sealed record Order(
        string Id, string Currency, decimal Total, State State, Address? Address, bool IsGift, DateOnly Day, DateTimeOffset At, Customer Customer, string[] Tags, double Weight)
    {
        [JsonIgnore]
        public int Hidden => Id.Length;
    }

    private sealed record Call(string Id, TimeSpan Lasting, Version Client);

    private sealed class CustomerConverter : JsonConverter<Customer>
    {
        public override Customer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, Customer value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
    }

    [Projection("orders")]
    private sealed class Orders : IDocumentProjection<Order>, IIndexedDocuments<Order>
    {
        public IEnumerable<Expression<Func<Order, object?>>> Indexed => [o => o.Currency, o => o.Total, o => o.Address!.City];

        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [((Order)projected.Body).Id];

        public Order? Apply(string key, Order? document, ProjectedEvent projected) => (Order)projected.Body;
    }

    [Projection("calls")]
    private sealed class Calls : IDocumentProjection<Call>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [((Call)projected.Body).Id];

        public Call? Apply(string key, Call? document, ProjectedEvent projected) => (Call)projected.Body;
    }

    [Projection("by_time")]
    private sealed class ByTime : IDocumentProjection<Order>, IIndexedDocuments<Order>
    {
        public IEnumerable<Expression<Func<Order, object?>>> Indexed => [o => o.At];

        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [];

        public Order? Apply(string key, Order? document, ProjectedEvent projected) => document;
    }
}
