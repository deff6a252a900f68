using Daybook.Core.Tests.Engine;
using Daybook.Memory;
using Daybook.Testing.Faults;

namespace Daybook.Core.Tests.Partitions;

/// <summary>The answers before, during and after a failure of the ledger.</summary>
public sealed class DurabilityTests : IAsyncLifetime
{
    private readonly FaultyLedgerStore _ledgers = new(new MemoryLedgerStore());
    private readonly MemoryCoordinator _coordinator = new();
    private Book _book = null!;

    public async Task InitializeAsync()
    {
        _book = await OpenAsync();
        await _book.Send(new Open("a", 1000));
        await _book.Send(new Change("a", 10));
    }

    public Task DisposeAsync() => _book.DisposeAsync().AsTask();

    [Fact]
    public async Task J1_feed_and_status_show_nothing_that_the_ledger_has_not_acknowledged()
    {
        var before = _book.Partitions[0].Head;
        _ledgers.HoldAcknowledgements();
        var change = _book.Send(new Change("a", 5)).AsTask();
        await _ledgers.WhenHeldAsync(1);
        Assert.Equal(before, _book.Partitions[0].Head);
        _ledgers.Release();
        await change;
        Assert.Equal(before!.Value.Plus(1), _book.Partitions[0].Head);
    }

    [Fact]
    public async Task J4_neither_command_nor_read_is_answered_before_its_event_is_durable()
    {
        _ledgers.Hold();
        var change = _book.Send(new Change("a", 5)).AsTask();
        await _ledgers.WhenHeldAsync(1);
        var read = _book.AmountOf("a");
        var second = _book.Send(new Change("a", -12)).AsTask();
        Assert.False(change.IsCompleted || read.IsCompleted || second.IsCompleted);
        _ledgers.Release();
        Assert.IsType<Outcome.Accepted>(await change);
        Assert.Equal(15, await read);
        Assert.IsType<Outcome.Accepted>(await second);
    }

    [Fact]
    public async Task J4_after_a_failed_append_what_was_decided_on_it_is_gone()
    {
        _ledgers.Hold();
        var change = _book.Send(new Change("a", 500)).AsTask();
        await _ledgers.WhenHeldAsync(1);
        var spent = _book.Send(new Change("a", -400)).AsTask();
        await _ledgers.WhenHeldAsync(2);
        _ledgers.LoseHeld();
        _ledgers.Release();
        var lost = Assert.IsType<Outcome.InDoubt>(await change);
        Assert.IsType<Outcome.InDoubt>(await spent);
        Assert.Equal("insufficient", Assert.IsType<Outcome.Rejected>(await _book.Insist(new Change("a", -400))).Reason);
        Assert.Equal(10, await _book.AmountOf("a"));
        Assert.Null(await _book.OutcomeOfAsync(lost.CommandId));
    }

    [Fact]
    public async Task J5_same_id_at_the_same_time_has_one_effect_and_one_outcome()
    {
        var id = Books.NewId();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _book.SendAsync(new Change("a", 5), id).AsTask()));
        Assert.Single(outcomes.Distinct());
        Assert.Equal(15, await _book.AmountOf("a"));
        Assert.Equal(outcomes[0], await _book.OutcomeOfAsync(id));
    }

    [Fact]
    public async Task J5_same_id_after_a_change_of_owner_and_after_a_restart_gets_the_first_outcome()
    {
        CommandId accepted = Books.NewId(), rejected = Books.NewId(), moved = Books.NewId();
        await _book.Send(new Open("b", 1000));
        async Task<Outcome[]> SendAllAsync() =>
        [
            await _book.Insist(new Change("a", 5), accepted),
            await _book.Insist(new Change("a", -500), rejected),
            await _book.Insist(new Move("a", "b", 3), moved),
        ];
        var first = await SendAllAsync();
        await ChangeOwnersAsync();
        Assert.Equal(first, await SendAllAsync());
        await _book.DisposeAsync();
        _book = await OpenAsync();
        Assert.Equal(first, await SendAllAsync());
        Assert.Equal((12, 3), (await _book.AmountOf("a"), await _book.AmountOf("b")));
    }

    [Fact]
    public async Task J5_retry_that_waits_for_a_record_in_flight_is_in_doubt_when_the_owner_fails()
    {
        _ledgers.HoldAcknowledgements();
        var id = Books.NewId();
        var first = _book.SendAsync(new Change("a", 5), id).AsTask();
        await _ledgers.WhenHeldAsync(1);
        var retry = _book.SendAsync(new Change("a", 5), id).AsTask();
        var behind = _book.Send(new Change("a", 1)).AsTask();
        await _ledgers.WhenHeldAsync(2);
        _ledgers.LoseHeld(keep: 0);
        _ledgers.Release();
        Assert.IsType<Outcome.InDoubt>(await first);
        Assert.IsType<Outcome.InDoubt>(await retry);
        Assert.IsType<Outcome.InDoubt>(await behind);
        Assert.IsType<Outcome.Accepted>(await _book.Insist(new Change("a", 5), id));
        Assert.Equal(16, await _book.AmountOf("a"));
    }

    private ValueTask<Book> OpenAsync() => Books.OpenAsync(_ledgers, _coordinator, o => o.Partitions = 1);

    private async Task ChangeOwnersAsync()
    {
        var epoch = _book.Partitions[0].Epoch;
        _ledgers.FailAppends();
        await Assert.ThrowsAnyAsync<Exception>(async () => Assert.IsType<Outcome.Accepted>(await _book.Send(new Change("a", 0))));
        _ledgers.StopFailing();
        await _book.Insist(new Change("a", 0));
        Assert.True(_book.Partitions[0].Epoch > epoch);
    }
}
