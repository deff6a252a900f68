namespace Daybook.Core.Tests.Engine;

public sealed class BookTests
{
    [Fact]
    public async Task Command_of_one_aggregate_is_one_append()
    {
        await using var book = await Books.OpenAsync();
        var opened = Assert.IsType<Outcome.Accepted>(await book.Send(new Open("a", 100)));
        Assert.Equal(new StreamVersion(1), opened.Version);
        Assert.IsType<Outcome.Accepted>(await book.Send(new Change("a", 30)));
        var wallet = await book.ReadAsync<Wallet>("a");
        Assert.Equal(new Wallet(30, 100), wallet.State);
        Assert.Equal(new StreamVersion(2), wallet.Version);
    }

    [Fact]
    public async Task Handler_that_refuses_writes_no_event()
    {
        await using var book = await Books.OpenAsync();
        var missing = Assert.IsType<Outcome.Rejected>(await book.Send(new Change("a", 1)));
        Assert.Equal("not-found", missing.Reason);
        Assert.Contains("wallet/a", missing.Detail, StringComparison.Ordinal);
        await book.Send(new Open("a", 100));
        Assert.Equal("insufficient", Assert.IsType<Outcome.Rejected>(await book.Send(new Change("a", -1))).Reason);
        Assert.Equal(new StreamVersion(1), (await book.ReadAsync<Wallet>("a")).Version);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    public async Task Transfers_keep_the_total(int partitions, bool ordered)
    {
        await using var book = await Books.OpenAsync(options: o => o.Partitions = partitions, ordered: ordered);
        for (var i = 0; i < 10; i++)
        {
            await book.Send(new Open($"w{i}", int.MaxValue));
            await book.Send(new Change($"w{i}", 100));
        }
        var random = new Random(1);
        var moves = Enumerable.Range(0, 500).Select(_ =>
        {
            var from = random.Next(10);
            return book.Send(new Move($"w{from}", $"w{(from + 1 + random.Next(9)) % 10}", random.Next(50))).AsTask();
        }).ToArray();
        var outcomes = await Task.WhenAll(moves);
        Assert.All(outcomes, outcome => Assert.True(outcome is Outcome.Accepted or Outcome.Rejected, outcome.ToString()));
        Assert.Contains(outcomes, outcome => outcome is Outcome.Accepted);
        var total = 0;
        for (var i = 0; i < 10; i++)
            total += await book.AmountOf($"w{i}");
        Assert.Equal(1000, total);
    }

    [Fact]
    public async Task Transaction_over_a_hundred_streams_is_all_or_nothing()
    {
        await using var book = await Books.OpenAsync();
        await book.Send(new Open("rich", int.MaxValue));
        await book.Send(new Change("rich", 1000));
        var names = Enumerable.Range(0, 99).Select(i => $"n{i}").ToArray();
        Assert.IsType<Outcome.Accepted>(await book.Send(new Spread("rich", names, 10)));
        Assert.Equal(10, await book.AmountOf("rich"));
        Assert.Equal(10, await book.AmountOf("n98"));
        Assert.IsType<Outcome.Rejected>(await book.Send(new Spread("rich", names, 10)));
        Assert.Equal(10, await book.AmountOf("n98"));
    }
}
