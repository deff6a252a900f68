using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Tests.Probes;
using Daybook.Testing.Faults;

namespace Daybook.Bookie.Tests.Serving;

public sealed class LongPollTests
{
    private static readonly ReadRequest s_poll = new(
        new LedgerId(7), EntryId.None, ReadOptions.Piggyback, PreviousLac: EntryId.None, Timeout: 60_000);

    [Fact]
    public async Task Add_with_a_higher_lac_wakes_waiting_reads_and_brings_the_next_entry()
    {
        await using var bookie = await TestBookie.StartAsync(new SimulatedFileSystem());
        using var reader = await bookie.ConnectAsync();
        using var writer = await bookie.ConnectAsync();
        await writer.AddAsync(7, 0);
        var waiting = reader.ReadAsync(s_poll);
        await writer.AddAsync(7, 5, lac: -1);
        Assert.False(waiting.IsCompleted);

        await writer.AddAsync(7, 1, lac: 0);

        var woken = (await waiting).Read!.Value;
        Assert.Equal((BookieStatus.Ok, 0L, 0L), (woken.Status, woken.Entry.Value, woken.MaxLac!.Value.Value));
        Assert.Equal(new EntryId(0), BookKeeper.Digests.EntryHeader.Read(woken.Body.Span).Entry);
        Assert.NotNull(woken.LacUpdated);
    }

    [Fact]
    public async Task Explicit_lac_wakes_too_and_without_the_entry_the_answer_is_good_and_empty()
    {
        await using var bookie = await TestBookie.StartAsync(new SimulatedFileSystem());
        using var reader = await bookie.ConnectAsync();
        using var writer = await bookie.ConnectAsync();
        await writer.AddAsync(7, 0);
        var waiting = reader.ReadAsync(s_poll with { PreviousLac = new EntryId(3) });
        await writer.WriteLacAsync(7, 9);

        var woken = (await waiting).Read!.Value;

        Assert.Equal((BookieStatus.Ok, EntryId.None, 9L, 0), (woken.Status, woken.Entry, woken.MaxLac!.Value.Value, woken.Body.Length));
        Assert.Equal(BookieStatus.NoLedger, (await reader.ReadAsync(s_poll with { Ledger = new LedgerId(8) })).Status);
    }

    [Fact]
    public async Task Deletion_and_the_end_of_the_bookie_answer_waiting_reads()
    {
        var bookie = await TestBookie.StartAsync(new SimulatedFileSystem());
        using var reader = await bookie.ConnectAsync();
        using var other = await bookie.ConnectAsync();
        await other.AddAsync(7, 0);
        await other.AddAsync(8, 0);
        var first = reader.ReadAsync(s_poll);
        var second = other.ReadAsync(s_poll with { Ledger = new LedgerId(8) });
        using var probe = await bookie.ConnectAsync();
        await Wait.UntilAsync(() => bookie.Service.WaitingPolls == 2, "both waited");

        bookie.Service.Run(() => bookie.Service.Delete(bookie.Service.Table.Find(new LedgerId(7))!));
        Assert.Equal(BookieStatus.NoLedger, (await first).Status);
        await bookie.DisposeAsync();

        Assert.Equal(BookieStatus.Ok, (await second).Status);
    }
}
