namespace Daybook.Core.Tests.Engine;

/// <summary>Events given as bytes keep to what the aggregate of their stream can read; streams without an aggregate take
/// anything.</summary>
public sealed class RawEventsTests
{
    private static readonly StreamId s_wallet = new("wallet/a");

    [Theory]
    [InlineData("test.changed", """{"by":"much"}""")]
    [InlineData("test.changed", "no JSON")]
    [InlineData("nosuch", "{}")]
    [InlineData("test.opened", """{"limit":5}""")]
    [InlineData("test.changed", """{"by":2147483647}""")]
    public async Task Bytes_that_the_aggregate_cannot_fold_are_refused_and_it_stays_usable(string type, string json)
    {
        await using var book = await OpenAsync();
        await book.Send(new Open("a", 100));
        await book.Send(new Change("a", 1));
        var appended = await Assert.ThrowsAsync<DaybookException>(async () => await AppendAsync(book, s_wallet, type, json));
        var emitted = await Assert.ThrowsAsync<DaybookException>(async () => await book.Send(new EmitRaw("a", type, json)));
        Assert.Equal((ErrorCode.InvalidArgument, ErrorCode.HandlerFailed), (appended.Code, emitted.Code));
        var named = type == "test.opened" ? nameof(Opened) : type == "nosuch" ? type : nameof(Changed);
        Assert.All([appended, emitted], e => Assert.Contains(named, e.Message, StringComparison.Ordinal));
        Assert.IsType<Outcome.Accepted>(await book.Send(new Change("a", 1)));
        Assert.Equal(2, await book.AmountOf("a"));
        Assert.Equal(3, (await book.Streams.ReadAsync(s_wallet).ToListAsync()).Count);
    }

    [Fact]
    public async Task Bytes_that_the_aggregate_can_fold_change_its_state()
    {
        await using var book = await OpenAsync();
        Assert.IsType<Outcome.Accepted>(await AppendAsync(book, s_wallet, "test.opened", """{"limit":100}"""));
        Assert.IsType<Outcome.Accepted>(await book.Send(new EmitRaw("a", "test.changed", """{"by":5}""")));
        Assert.IsType<Outcome.Accepted>(await AppendAsync(book, s_wallet, "test.changed", """{"by":2}"""));
        Assert.Equal(7, await book.AmountOf("a"));
    }

    [Fact]
    public async Task Stream_without_an_aggregate_takes_any_bytes()
    {
        await using var book = await OpenAsync();
        Assert.IsType<Outcome.Accepted>(await AppendAsync(book, new StreamId("raw/a"), "nosuch", "no JSON"));
        Assert.IsType<Outcome.Accepted>(await AppendAsync(book, new StreamId("wallet"), "test.changed", "no JSON"));
    }

    private static ValueTask<Book> OpenAsync() => new DaybookBuilder().UseMemory().AddHandlers(typeof(WalletHandlers)).AddHandlers(typeof(RawHandlers)).OpenAsync();

    private static ValueTask<Outcome> AppendAsync(Book book, StreamId stream, string type, string json) =>
        book.Streams.AppendAsync(stream, ExpectedVersion.Any, new[] { new EventData(type, System.Text.Encoding.UTF8.GetBytes(json)) }, Books.NewId());

    public sealed record EmitRaw(string Wallet, string Type, string Json);

    public static class RawHandlers
    {
        public static Decision Handle(EmitRaw c, Wallet? wallet) => Decision.Emit(new EventData(c.Type, System.Text.Encoding.UTF8.GetBytes(c.Json)));
    }
}
