using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

/// <summary>Messages from outside that are delivered at least once, handled by commands whose ids follow from the messages'.</summary>
public sealed class InboxTests
{
    private readonly MemoryLedgerStore _ledgers = new();
    private readonly MemoryCoordinator _coordinator = new();

    [Fact]
    public void The_id_follows_from_source_and_message_and_from_nothing_else()
    {
        // Fixed for ever: a message may be redelivered by an old queue to a new version of the program. Computed with Python's hashlib.
        Assert.Equal("5d70511d-4147-8f0c-a561-2c77e1fd4973", CommandId.From("orders", "m-1").ToString());
        Assert.Equal(CommandId.From("orders", "m-1"), CommandId.From("orders", "m-1"));
        Assert.Distinct(
            [CommandId.From("orders", "m-1"), CommandId.From("orders", "m-2"), CommandId.From("order", "sm-1"), CommandId.From("Orders", "m-1"), CommandId.From("m-1", "orders")]);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<DaybookException>(() => CommandId.From("orders", "")).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<DaybookException>(() => CommandId.From("", "m-1")).Code);
    }

    [Fact]
    public async Task J5_a_message_whose_acknowledgement_was_lost_in_a_crash_has_one_effect()
    {
        Outcome first;
        await using (var book = await OpenAsync())
        {
            await book.Insist(new Open("a", 100));
            first = await HandleAsync(book, "m-1");
            // The process ends here: the effect is durable, and the queue has heard nothing.
        }
        await using var again = await OpenAsync();
        Assert.Equal(first, await HandleAsync(again, "m-1"));
        Assert.Equal(5, await again.AmountOf("a"));
        await HandleAsync(again, "m-2");
        Assert.Equal(10, await again.AmountOf("a"));
    }

    [Fact]
    public async Task J5_a_message_that_two_consumers_get_concurrently_has_one_effect_and_one_outcome()
    {
        await using var book = await OpenAsync();
        await book.Insist(new Open("a", 100));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HandleAsync(book, "m-1")));
        Assert.Single(outcomes.Distinct());
        Assert.Equal(5, await book.AmountOf("a"));
    }

    [Fact]
    public async Task A_message_that_was_refused_is_refused_again_though_it_would_now_be_accepted()
    {
        await using var book = await OpenAsync();
        await book.Insist(new Open("a", 100));
        var id = CommandId.From("orders", "m-1");
        Assert.IsType<Outcome.Rejected>(await book.Insist(new Change("a", -5), id));
        await book.Insist(new Change("a", 50));
        Assert.IsType<Outcome.Rejected>(await book.Insist(new Change("a", -5), id));
        Assert.Equal(50, await book.AmountOf("a"));
    }

    [Fact]
    public async Task A_message_that_comes_after_the_command_window_is_a_new_command()
    {
        const int Window = 1000;
        await using var book = await OpenAsync(Window);
        await book.Insist(new Open("a", 100));
        await book.Insist(new Open("b", int.MaxValue));
        await HandleAsync(book, "m-1");
        for (var i = 0; i < Window - 1; i++)
            await book.Insist(new Change("b", 1));
        await HandleAsync(book, "m-1");
        Assert.Equal(5, await book.AmountOf("a"));
        // Whether the retry itself counts or not, this is beyond.
        for (var i = 0; i < 2 * Window; i++)
            await book.Insist(new Change("b", 1));
        await HandleAsync(book, "m-1");
        Assert.Equal(10, await book.AmountOf("a"));
    }

    private ValueTask<Book> OpenAsync(int window = 250_000) =>
        Books.OpenAsync(_ledgers, _coordinator, o => (o.Partitions, o.CommandWindow) = (1, window));

    private static Task<Outcome> HandleAsync(Book book, string messageId) => book.Insist(new Change("a", 5), CommandId.From("orders", messageId));
}
