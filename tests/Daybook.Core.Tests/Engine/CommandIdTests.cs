using System.Net;
using System.Net.Mail;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Daybook.Core.Modeling;
using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

/// <summary>An id that is remembered belongs to one command with one content; under another it is refused, over restarts too.</summary>
public sealed class CommandIdTests
{
    [Fact]
    public async Task Another_command_under_a_remembered_id_is_refused_and_both_are_named()
    {
        var (ledgers, coordinator) = (new MemoryLedgerStore(), new MemoryCoordinator());
        var id = Books.NewId();
        await using (var book = await Books.OpenAsync(ledgers, coordinator, One))
        {
            await book.SendAsync(new Open("a", 100), id);
            await book.SendAsync(new Open("b", 100), Books.NewId());
            await RefusedAsync(book, id);
        }
        await using var reopened = await Books.OpenAsync(ledgers, coordinator, One);
        await RefusedAsync(reopened, id);
        Assert.Equal(0, await reopened.AmountOf("a"));
    }

    [Fact]
    public async Task Same_command_under_its_id_gets_its_first_outcome_of_any_kind()
    {
        await using var book = await Books.OpenAsync(options: One);
        await book.Send(new Open("a", 100));
        await book.Send(new Open("b", 100));
        var (rejected, conflict, spread) = (Books.NewId(), Books.NewId(), Books.NewId());
        var options = new CommandOptions { ExpectedVersion = ExpectedVersion.NoStream };
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.IsType<Outcome.Rejected>(await book.SendAsync(new Change("a", -1), rejected));
            Assert.IsType<Outcome.Conflict>(await book.SendAsync(new Change("a", 1), conflict, options));
            Assert.IsType<Outcome.Accepted>(await book.SendAsync(new Spread("a", new List<string> { "b", "c" }, 0), spread));
        }
        Assert.Equal(ErrorCode.CommandIdReused, await CodeOfAsync(() => book.SendAsync(new Change("a", -2), rejected)));
        Assert.Equal(ErrorCode.CommandIdReused, await CodeOfAsync(() => book.SendAsync(new Spread("a", ["b", "d"], 0), spread)));
    }

    [Fact]
    public async Task Append_with_other_events_under_a_remembered_id_is_refused()
    {
        await using var book = await Books.OpenAsync(options: One);
        var id = Books.NewId();
        ValueTask<Outcome> AppendAsync(string type, byte content) =>
            book.Streams.AppendAsync(new StreamId("raw/1"), ExpectedVersion.Any, new[] { new EventData(type, new[] { content }) }, id);
        Assert.IsType<Outcome.Accepted>(await AppendAsync("x", 1));
        Assert.IsType<Outcome.Accepted>(await AppendAsync("x", 1));
        Assert.Equal(ErrorCode.CommandIdReused, await CodeOfAsync(() => AppendAsync("x", 2)));
        Assert.Equal(ErrorCode.CommandIdReused, await CodeOfAsync(() => AppendAsync("y", 1)));
        Assert.Single(await book.Streams.ReadAsync(new StreamId("raw/1")).ToListAsync());
    }

    [Fact]
    public void Fingerprint_is_the_same_for_ever()
    {
        Assert.Equal(Stored.Simple, FingerprintOf(new Change("alice", 30)));
        Assert.Equal(Stored.Rich, FingerprintOf(Rich()));
    }

    [Fact]
    public void Fingerprint_follows_from_what_a_command_holds_and_not_from_how()
    {
        Assert.Equal(FingerprintOf(Rich()), FingerprintOf(Rich()));
        Assert.Equal(FingerprintOf(Rich() with { Price = 1.5m }), FingerprintOf(Rich() with { Price = 1.50m }));
        Assert.Equal(FingerprintOf(Rich() with { Names = ["x", "y"] }), FingerprintOf(Rich() with { Names = new List<string> { "x", "y" } }));
        Assert.Equal(FingerprintOf(Rich() with { Computed = "now" }), FingerprintOf(Rich()));
        Assert.Equal(
            FingerprintOf(Rich() with { ByName = new() { ["a"] = 1, ["b"] = 2 } }), FingerprintOf(Rich() with { ByName = new() { ["b"] = 2, ["a"] = 1 } }));
        var loop = new Loop();
        loop.Next = loop;
        Assert.Equal(FingerprintOf(loop), FingerprintOf(loop));
    }

    [Fact]
    public void Fingerprint_changes_with_every_member()
    {
        RichCommand[] all =
        [
            Rich(),
            Rich() with { Id = Guid.Parse("00000000-0000-0000-0000-000000000002") }, Rich() with { Price = 1.51m }, Rich() with { At = Rich().At.AddTicks(1) },
            Rich() with { Names = ["y", "x"] }, Rich() with { Names = ["x"] }, Rich() with { ByName = new() { ["a"] = 2 } }, Rich() with { Part = new Part("p", null) },
            Rich() with { Part = new LargePart("p", 1, 2) }, Rich() with { Any = 5L }, Rich() with { Day = DayOfWeek.Friday },
            Rich() with { Rate = 0.5 }, Rich() with { Field = 2 },
            Rich() with { Pair = (1, "z") }, Rich() with { Note = "n" },
        ];
        Assert.Equal(all.Length, all.Select(FingerprintOf).Distinct().Count());
        Assert.NotEqual(FingerprintOf(new Open("a", 1)), FingerprintOf(new Change("a", 1)));
    }

    public static TheoryData<string> Hidden => [.. s_hidden.Keys];

    [Theory]
    [MemberData(nameof(Hidden))]
    public void Fingerprint_changes_with_content_that_no_settable_member_shows(string kind)
    {
        var (one, same, other) = s_hidden[kind];
        Assert.Equal(FingerprintOf(new Holding(one)), FingerprintOf(new Holding(same)));
        Assert.NotEqual(FingerprintOf(new Holding(one)), FingerprintOf(new Holding(other)));
    }

    [Fact]
    public void Fingerprint_sees_such_content_where_the_member_declares_its_type()
    {
        Assert.NotEqual(FingerprintOf(new Holding<JsonElement>(Json("1"))), FingerprintOf(new Holding<JsonElement>(Json("2"))));
        Assert.NotEqual(FingerprintOf(new Holding<JsonElement?>(Json("1"))), FingerprintOf(new Holding<JsonElement?>(Json("2"))));
        Assert.NotEqual(FingerprintOf(new Holding<JsonNode>(JsonNode.Parse("1")!)), FingerprintOf(new Holding<JsonNode>(JsonNode.Parse("2")!)));
        Assert.NotEqual(FingerprintOf(new Holding<IPAddress>(IPAddress.Loopback)), FingerprintOf(new Holding<IPAddress>(IPAddress.Any)));
        Assert.NotEqual(FingerprintOf(new Holding<int[,]>(new[,] { { 1, 2 } })), FingerprintOf(new Holding<int[,]>(new[,] { { 1 }, { 2 } })));
        Assert.NotEqual(FingerprintOf(new Holding<IEnumerable<string>>(Lazy("a"))), FingerprintOf(new Holding<IEnumerable<string>>(Lazy("b"))));
        Assert.NotEqual(FingerprintOf(new Holding<Complex>(new(1, 2))), FingerprintOf(new Holding<Complex>(new(2, 2))));
    }

    private static readonly Dictionary<string, (object One, object Same, object Other)> s_hidden = new()
    {
        ["JSON element"] = (Json("{\"a\":1}"), Json("{ \"a\": 1 }"), Json("{\"a\":2}")),
        ["JSON object"] = (JsonNode.Parse("{\"a\":1}")!, JsonNode.Parse("{\"a\":1}")!, JsonNode.Parse("{\"a\":2}")!),
        ["JSON array"] = (JsonNode.Parse("[1]")!, JsonNode.Parse("[1]")!, JsonNode.Parse("[2]")!),
        ["JSON value"] = (JsonNode.Parse("1")!, JsonNode.Parse("1")!, JsonNode.Parse("2")!),
        ["address"] = (IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")),
        ["mail address"] = (new MailAddress("a@x.org"), new MailAddress("a@x.org"), new MailAddress("b@x.org")),
        ["complex number"] = (new Complex(1, 2), new Complex(1, 2), new Complex(1, 3)),
        ["grid"] = (new[,] { { 1, 2 } }, new[,] { { 1, 2 } }, new[,] { { 1, 3 } }),
        ["shape of a grid"] = (new[,] { { 1, 2 } }, new[,] { { 1, 2 } }, new[,] { { 1 }, { 2 } }),
        ["iterator"] = (Lazy("a", "b"), Lazy("a", "b"), Lazy("a", "c")),
        ["query"] = (new[] { 1, 2 }.Select(x => x + 1), new List<int> { 1, 2 }.Select(x => x + 1), new[] { 1, 2 }.Select(x => x + 2)),
        ["text builder"] = (new StringBuilder("a"), new StringBuilder("a"), new StringBuilder("b")),
        ["property of a field"] = (new Behind("a"), new Behind("a"), new Behind("b")),
        ["fields without properties"] = (new Sealed("a"), new Sealed("a"), new Sealed("b")),
    };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static IEnumerable<string> Lazy(params string[] texts)
    {
        foreach (var text in texts)
            yield return text;
    }

    private static RichCommand Rich() => new(Guid.Parse("00000000-0000-0000-0000-000000000001"), 1.5m, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), ["x", "y"])
    {
        ByName = new() { ["a"] = 1 }, Part = new Part("p", 1), Any = "text", Day = DayOfWeek.Monday, Field = 1, Pair = (1, "y"),
    };

    private static async Task RefusedAsync(Book book, CommandId id)
    {
        var other = await Assert.ThrowsAsync<DaybookException>(async () => await book.SendAsync(new Change("a", 1), id));
        Assert.Equal((ErrorCode.CommandIdReused, false), (other.Code, other.IsTransient));
        Assert.Contains("'Open'", other.Message, StringComparison.Ordinal);
        Assert.Contains("'Change'", other.Message, StringComparison.Ordinal);
        var changed = await Assert.ThrowsAsync<DaybookException>(async () => await book.SendAsync(new Open("a", 101), id));
        Assert.Contains("other content", changed.Message, StringComparison.Ordinal);
        Assert.IsType<Outcome.Accepted>(await book.SendAsync(new Open("a", 100), id));
    }

    private static async Task<ErrorCode?> CodeOfAsync(Func<ValueTask<Outcome>> send) => (await Assert.ThrowsAsync<DaybookException>(async () => await send())).Code;

    private static void One(DaybookOptions options) => options.Partitions = 1;

    private static ulong FingerprintOf<TCommand>(TCommand command) => new CommandFingerprint.For<TCommand>().Of(command);

    private static class Stored
    {
        public const ulong Simple = 16462248491642298807;
        public const ulong Rich = 11429413822745715507;
    }

    public sealed record RichCommand(Guid Id, decimal Price, DateTimeOffset At, IReadOnlyList<string> Names)
    {
#pragma warning disable CA1051 // a public field is content, too
        public int Field;
#pragma warning restore CA1051

        public Dictionary<string, int> ByName { get; init; } = [];

        public Part? Part { get; init; }

        public object? Any { get; init; }

        public DayOfWeek? Day { get; init; }

        public double Rate { get; set; }

        public (int, string) Pair { get; init; }

        public string? Note { get; init; }

        [System.Text.Json.Serialization.JsonIgnore]
        public string? Computed { get; init; }

        public (string?, DateTime) Now => (Note, DateTime.UtcNow);
    }

    public sealed record Holding(object Body);

    public sealed record Holding<T>(T Body);

    public sealed class Behind(string body)
    {
        private readonly string _body = body;

        public string Body => _body;
    }

    public readonly struct Sealed(string text)
    {
        private readonly string _text = text;

        public override string ToString() => _text;
    }

    public record Part(string Name, int? Size);

    public sealed record LargePart(string Name, int? Size, int More) : Part(Name, Size);

    public sealed class Loop
    {
        public Loop? Next { get; set; }
    }
}
