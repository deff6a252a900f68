using Bank.Import;
using Daybook;
using Daybook.Testing.Time;

namespace Bank.Tests.Import;

public sealed class DeliveryTests
{
    private static readonly CommandId Id = new(Guid.Parse("5b3c5cf0-9a1f-4bb7-8a5e-2d1de0a7f001"));

    [Fact]
    public async Task T6_a_command_in_doubt_is_sent_again_with_the_same_id_until_its_outcome_is_known()
    {
        var book = new ScriptedBook(InDoubt, InDoubt, Accepted);
        var outcome = await SendAsync(book, pauses: 2);

        Assert.IsType<Outcome.Accepted>(outcome);
        Assert.All(book.Sent, sent => Assert.Equal(Id, sent.Id));
        Assert.Equal(3, book.Sent.Count);
    }

    [Fact]
    public async Task A_transient_refusal_is_retried()
    {
        var book = new ScriptedBook(Throw(ErrorCode.NotOwner), Throw(ErrorCode.Overloaded), Accepted);
        Assert.IsType<Outcome.Accepted>(await SendAsync(book, pauses: 2));
    }

    [Fact]
    public async Task A_lasting_refusal_is_not_retried()
    {
        var book = new ScriptedBook(Throw(ErrorCode.StoreFailed));
        var error = await Assert.ThrowsAsync<DaybookException>(() => SendAsync(book, pauses: 0));
        Assert.Equal((ErrorCode.StoreFailed, 1), (error.Code, book.Sent.Count));
    }

    [Fact]
    public async Task Delivery_to_an_unavailable_book_ends_after_a_while()
    {
        var book = new ScriptedBook(Throw(ErrorCode.NotOwner));
        await Assert.ThrowsAsync<DaybookException>(() => SendAsync(book, pauses: 11));
    }

    [Fact]
    public async Task A_doubt_that_stays_is_reported_as_such() =>
        Assert.IsType<Outcome.InDoubt>(await SendAsync(new ScriptedBook(InDoubt), pauses: 11));

    [Fact]
    public async Task An_entry_that_the_book_refuses_is_named_by_its_row()
    {
        var file = await Journal.BeancountAsync("x A 1 USD", "x B -1 USD");
        var book = new ScriptedBook(id => new Outcome.Rejected(id, "amount-overflow", "Too much."));
        var error = await Assert.ThrowsAsync<ImportException>(() =>
            new Importer(book, new Delivery(book, TimeProvider.System)).ImportAsync([file]));
        Assert.Equal("f.csv, row 2: Too much.", error.Message);
    }

    private static async Task<Outcome> SendAsync(ScriptedBook book, int pauses)
    {
        var time = new ManualTime();
        var sending = new Delivery(book, time).SendAsync("command", Id).AsTask();
        for (var i = 0; i < pauses; i++)
            time.Advance(await time.NextTimerAsync());
        return await sending;
    }

    private static Outcome.InDoubt InDoubt(CommandId id) => new(id, "the owner was lost");

    private static Outcome.Accepted Accepted(CommandId id) => new(id, default, new StreamVersion(1));

    private static Func<CommandId, Outcome> Throw(ErrorCode code) => _ => throw new DaybookException(code, "not now");
}
