using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Recovering;

public sealed class RecoveryEnsembleTests
{
    private static readonly QuorumSizes s_three = new(3, 3, 2);

    [Fact]
    public async Task L8_recovery_stays_within_the_last_fragment_and_the_entry_before_it()
    {
        var world = new LedgerWorld(
            s_three, [(0, ["a1", "a2", "a3"]), (1000, ["a4", "a5", "a6"]), (2000, ["b1", "b2", "b3"])], "b4");
        world.Store(1999, 1998, "a4", "a5", "a6");
        world.Store(2000, 1500, "b1");
        var recovery = world.Recover();
        var entries = new HashSet<long>();
        while (world.Bookies.InFlight.Count > 0)
        {
            var message = world.Bookies.InFlight[0];
            entries.Add(message.Entry.Value);
            if (message.ToString() == "add 2000 at b3")
                world.Bookies.Lose(message);
            else
                world.Bookies.Deliver(message);
        }

        var closed = (await recovery).Value;

        Assert.Equal(new EntryId(2000), closed.LastEntry);
        Assert.DoesNotContain(entries, entry => entry is >= 0 and < 1999);
        Assert.Equal([0, 1000, 2000], closed.Segments.Select(segment => segment.First.Value));
        Assert.Equal(world.Now.Segments.Length, closed.Segments.Length);
    }

    [Fact]
    public async Task L8_empty_last_fragment_ends_at_the_entry_before_it()
    {
        var world = new LedgerWorld(
            s_three, [(0, ["a1", "a2", "a3"]), (1000, ["a4", "a5", "a6"]), (2000, ["b1", "b2", "b3"])]);
        world.Store(1999, 1998, "a5", "a6");
        var recovery = world.Recover();
        var entries = new HashSet<long>();
        while (world.Bookies.InFlight.Count > 0)
        {
            entries.Add(world.Bookies.InFlight[0].Entry.Value);
            world.Bookies.Deliver(world.Bookies.InFlight[0]);
        }

        Assert.Equal((new EntryId(1999), OldWriter.LengthOf(1999)), ((await recovery).Value.LastEntry, world.Now.Length));
        Assert.DoesNotContain(entries, entry => entry is >= 0 and < 1999);
    }

    [Fact]
    public async Task L9_metadata_stay_byte_identical_until_the_closing_write()
    {
        var world = new LedgerWorld(s_three, "b4");
        for (var entry = 0; entry < 3; entry++)
            world.Store(entry, -1, "b1", "b2");
        var first = world.Recover();
        world.Bookies.DeliverWhere(message => !message.What.StartsWith("add", StringComparison.Ordinal));
        var (before, writes) = (world.Metadata.BytesOf(LedgerWorld.Ledger), world.Metadata.Writes);
        world.Deliver("add 0", "b1", "b2");
        world.Bookies.Lose(world.Find("add 1 at b3"));
        Assert.Equal("b4", world.Find("add 2 at b4").Bookie.Value);
        Assert.Equal(before, world.Metadata.BytesOf(LedgerWorld.Ledger));

        var second = world.Recover();
        Assert.Equal(["b1", "b2", "b3"], world.Bookies.InFlight.Where(m => m.What == "fence -1").Select(m => m.Bookie.Value));
        foreach (var message in world.Bookies.InFlight.Where(m => m.What == "fence -1").ToList())
            world.Bookies.InFlight.Remove(message);
        Assert.Equal((before, writes), (world.Metadata.BytesOf(LedgerWorld.Ledger), world.Metadata.Writes));
        world.Bookies.DeliverAll();

        var closed = (await first).Value;
        Assert.Equal(writes + 1, world.Metadata.Writes);
        Assert.Equal((new EntryId(2), OldWriter.LengthOf(2)), (closed.LastEntry, closed.Length));
        Assert.Equal([(0L, "b1,b2,b3"), (1L, "b1,b2,b4")], closed.Segments.Select(s => (s.First.Value, string.Join(',', s.Bookies))));
        Assert.False(second.IsCompleted, "its messages were held");
    }

    [Fact]
    public async Task L9_recovery_reads_from_the_bookies_of_the_metadata_not_from_those_it_put_in()
    {
        var world = new LedgerWorld(s_three, "b4");
        for (var entry = 0; entry < 60; entry++)
            world.Store(entry, -1, "b1", "b2");
        var reads = new HashSet<string>();
        var recovery = world.Recover();
        while (world.Bookies.InFlight.Count > 0)
        {
            var message = world.Bookies.InFlight[0];
            if (message.What.StartsWith("fence", StringComparison.Ordinal))
                reads.Add(message.Bookie.Value);
            if (message is { IsAnswer: false, Bookie.Value: "b3" } && message.What.StartsWith("add", StringComparison.Ordinal))
                world.Bookies.Lose(message);
            else
                world.Bookies.Deliver(message);
        }

        Assert.Equal(new EntryId(59), (await recovery).Value.LastEntry);
        Assert.Equal(["b1", "b2", "b3"], reads.Order());
        Assert.Equal("b1,b2,b4", string.Join(',', world.Now.Current.Bookies));
        Assert.All(Enumerable.Range((int)world.Now.Current.First.Value, 60 - (int)world.Now.Current.First.Value), entry => Assert.True(world.Has("b4", entry)));
    }

    [Fact]
    public async Task L10_what_a_recovery_has_completed_is_not_called_acknowledged_as_another_may_close_the_ledger_before_it()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1");
        world.Store(1, -1, "b1");
        using var death = new CancellationTokenSource();
        var recovering = BookKeeper.Recovering.LedgerRecovery.RecoverAsync(world.Services, LedgerWorld.Ledger, world.Credentials, death.Token).AsTask();
        world.Bookies.DeliverWhere(message => message.What is "fence -1" or "fence 0");
        world.Deliver("add 0", "b1", "b2", "b3");
        world.Deliver("fence 1", "b1");
        world.Deliver("add 1", "b2");
        Assert.Equal(EntryId.None, world.Open("b2", 1).Header.LastAddConfirmed);
        death.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recovering);
    }

    [Fact]
    public async Task What_only_bookies_outside_the_metadata_have_is_not_called_acknowledged()
    {
        // The first recovery replaces b2 in memory and dies. The next must not start behind an entry that only the replacement made complete.
        var world = new LedgerWorld(s_three, "b4");
        world.Store(0, -1, "b1", "b3");
        world.Store(1, -1, "b1", "b3");
        using var death = new CancellationTokenSource();
        var first = BookKeeper.Recovering.LedgerRecovery.RecoverAsync(world.Services, LedgerWorld.Ledger, world.Credentials, death.Token).AsTask();
        world.Bookies.DeliverWhere(message => message.What is "fence -1" or "fence 0");
        world.Bookies.Lose(world.Find("add 0 at b2"));
        world.Deliver("add 0", "b1", "b4");
        world.Deliver("fence 1", "b1");
        world.Deliver("add 1", "b1");
        Assert.Equal(EntryId.None, world.Open("b1", 1).Header.LastAddConfirmed);
        death.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        world.Bookies.InFlight.Clear();

        var closed = await world.RecoverNow();

        Assert.Equal(new EntryId(1), closed.LastEntry);
        Assert.All(LedgerWorld.Three, bookie => Assert.True(world.Has(bookie, 0)));
    }

    [Fact]
    public async Task Without_a_replacement_recovery_goes_on_while_ack_quorums_can_be_reached()
    {
        var world = new LedgerWorld(s_three);
        for (var entry = 0; entry < 5; entry++)
            world.Store(entry, -1, "b1", "b2");
        var recovery = world.Recover();
        Pump(world, message => message is { IsAnswer: false, Bookie.Value: "b3" } && message.What.StartsWith("add", StringComparison.Ordinal));

        var closed = (await recovery).Value;

        Assert.Equal(new EntryId(4), closed.LastEntry);
        Assert.Equal("b1,b2,b3", string.Join(',', Assert.Single(closed.Segments).Bookies));
        Assert.Contains(new BookieId("b3"), world.Selection.Avoided);
    }

    [Fact]
    public async Task Without_enough_bookies_for_an_ack_quorum_recovery_fails_and_the_ledger_stays_in_recovery()
    {
        var world = new LedgerWorld(s_three, "b4");
        world.Store(0, -1, "b1");
        world.Bookies.Down.Add(new BookieId("b4"));
        var recovery = world.Recover();
        Pump(world, message => message is { IsAnswer: false, What: "add 0", Bookie.Value: "b2" or "b3" });

        var failure = await Assert.ThrowsAsync<BookKeeperException>(() => recovery);

        Assert.Equal((BookKeeperError.NotEnoughBookies, new EntryId(0)), (failure.Error, failure.Entry!.Value));
        Assert.NotNull(failure.InnerException);
        Assert.Equal(LedgerState.InRecovery, world.Now.State);
    }

    [Fact]
    public async Task Bookie_that_holds_the_ledger_under_another_key_fails_the_recovery_at_once()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1");
        var recovery = world.Recover();
        world.Bookies.DeliverWhere(message => !message.What.StartsWith("add", StringComparison.Ordinal));
        world.Bookies.Lose(world.Find("add 0 at b2"), BookieStatus.Unauthorized);

        var failure = await Assert.ThrowsAsync<BookKeeperException>(() => recovery);

        Assert.Equal((BookKeeperError.Unauthorized, new BookieId("b2")), (failure.Error, failure.Bookie!.Value));
        Assert.Equal(LedgerState.InRecovery, world.Now.State);
    }

    private static void Pump(LedgerWorld world, Func<Fakes.Message, bool> lost)
    {
        while (world.Bookies.InFlight.FirstOrDefault() is { } message)
        {
            if (lost(message))
                world.Bookies.Lose(message);
            else
                world.Bookies.Deliver(message);
        }
    }
}
