using Daybook.Core.Tests.Engine;

namespace Daybook.Core.Tests.Partitions;

public sealed class BadHandlerTests
{
    [Theory]
    [InlineData("throw", ErrorCode.HandlerFailed, "boom")]
    [InlineData("null", ErrorCode.HandlerFailed, "no decision")]
    [InlineData("null-event", ErrorCode.HandlerFailed, "Explode")]
    [InlineData("unknown-event", ErrorCode.HandlerFailed, "handler of 'Explode' decided cannot be recorded: The type 'System.Object'")]
    [InlineData("unknown-key", ErrorCode.HandlerFailed, "nobody")]
    [InlineData("fold", ErrorCode.HandlerFailed, "wallet/a")]
    public async Task J7_handler_that_fails_or_returns_nonsense_fails_its_command_alone(string how, ErrorCode code, string named)
    {
        await using var book = await Books.OpenAsync(options: o => o.Partitions = 1);
        await book.Send(new Open("a", int.MaxValue));
        await book.Send(new Change("a", 7));
        var before = book.Partitions[0];
        var id = Books.NewId();
        var failure = await Assert.ThrowsAsync<DaybookException>(async () => await book.SendAsync(new Explode("a", how), id));
        Assert.Equal(code, failure.Code);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Equal(before with { StalledFor = default }, book.Partitions[0] with { StalledFor = default });
        Assert.Equal((7, new StreamVersion(2)), ((await book.ReadAsync<Wallet>("a")).State!.Amount, (await book.ReadAsync<Wallet>("a")).Version));
        Assert.Null(await book.OutcomeOfAsync(id));
        Assert.IsType<Outcome.Accepted>(await book.SendAsync(new Change("a", 1), id));
    }

    [Fact]
    public async Task J7_fold_that_fails_in_a_transaction_leaves_no_side_changed_or_locked()
    {
        await using var book = await Books.OpenAsync();
        var names = Enumerable.Range(0, 8).Select(i => $"w{i}").ToArray();
        foreach (var name in names)
        {
            await book.Send(new Open(name, int.MaxValue));
            await book.Send(new Change(name, int.MaxValue));
        }
        foreach (var to in names.Skip(1))
            Assert.Equal(ErrorCode.HandlerFailed, (await Assert.ThrowsAsync<DaybookException>(async () => await book.Send(new Move("w0", to, 1)))).Code);
        foreach (var name in names)
        {
            Assert.IsType<Outcome.Accepted>(await book.Send(new Change(name, -1)));
            Assert.Equal(int.MaxValue - 1, await book.AmountOf(name));
        }
    }
}
