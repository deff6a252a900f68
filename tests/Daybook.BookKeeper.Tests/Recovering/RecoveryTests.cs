using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Recovering;

public sealed class RecoveryTests
{
    private static readonly QuorumSizes s_three = new(3, 3, 2);

    [Fact]
    public async Task Empty_ledger_is_closed_empty()
    {
        var world = new LedgerWorld(s_three);

        var closed = await world.RecoverNow();

        Assert.Equal((LedgerState.Closed, EntryId.None, 0L), (closed.State, closed.LastEntry, closed.Length));
        Assert.All(closed.Current.Bookies, bookie => Assert.True(world.Bookies[bookie].IsFenced(LedgerWorld.Ledger)));
        Assert.Equal(3, world.Metadata.Writes);
    }

    [Fact]
    public async Task Closed_ledger_is_left_as_it_is()
    {
        var world = new LedgerWorld(s_three);
        world.Metadata.Put(world.Now.Close(new EntryId(4), 40));
        var before = world.Metadata.BytesOf(LedgerWorld.Ledger);

        var closed = await world.RecoverNow();

        Assert.Equal((new EntryId(4), 40L), (closed.LastEntry, closed.Length));
        Assert.Equal(before, world.Metadata.BytesOf(LedgerWorld.Ledger));
        Assert.Empty(world.Bookies.InFlight);
    }

    [Theory, InlineData("b1"), InlineData("b2"), InlineData("b3")]
    public async Task L1_acknowledged_entries_are_kept_with_any_bookie_unreachable(string unreachable)
    {
        var world = new LedgerWorld(s_three);
        var writer = world.Writer();
        for (var entry = 0; entry < 40; entry++)
            writer.Append();
        world.Bookies.DeliverWhere(message => message.Bookie != new BookieId($"b{message.Entry.Value % 3 + 1}"));
        Assert.Equal(new EntryId(39), writer.Acknowledged);
        foreach (var message in world.Bookies.InFlight.ToList())
            world.Bookies.Lose(message);
        world.Bookies.Down.Add(new BookieId(unreachable));

        var closed = await world.RecoverNow();

        Assert.Equal((new EntryId(39), OldWriter.LengthOf(39)), (closed.LastEntry, closed.Length));
    }

    [Fact]
    public async Task L1_with_more_bookies_unreachable_recovery_fails_and_never_shortens()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1", "b2");
        world.Bookies.Down.UnionWith(LedgerWorld.Named("b2", "b3"));

        var failure = await world.FailToRecover();

        Assert.Equal((BookKeeperError.NotEnoughBookies, LedgerWorld.Ledger), (failure.Error, failure.Ledger!.Value));
        Assert.Equal(LedgerState.InRecovery, world.Now.State);
        world.Bookies.Down.Clear();
        Assert.Equal(new EntryId(0), (await world.RecoverNow()).LastEntry);
    }

    [Fact]
    public async Task L4_schedule_of_issue_2614_never_acknowledges_what_was_closed_away()
    {
        // e0 reaches b1; the recovery's fence reaches b1 and b2 and is lost to b3; b1 does not answer the read of e0; the old add then reaches b3.
        var world = new LedgerWorld(s_three);
        var writer = world.Writer();
        writer.Append();
        world.Bookies.Deliver(world.Find("add 0 at b1"));
        var recovery = world.Recover();
        world.Bookies.Lose(world.Find("fence -1 at b3"));
        world.Deliver("fence -1", "b1", "b2");
        world.Bookies.Lose(world.Find("fence 0 at b1"));
        world.Deliver("fence 0", "b2", "b3");
        var closed = (await recovery).Value;

        world.Bookies.DeliverAll();

        Assert.Equal((EntryId.None, EntryId.None), (closed.LastEntry, writer.Acknowledged));
        Assert.True(writer.IsFenced, "b3 refused the add: the recovery's read fenced it");
        Assert.False(world.Has("b3", 0));
    }

    [Fact]
    public async Task L5_bookie_that_denied_an_entry_refuses_its_add()
    {
        var world = new LedgerWorld(s_three);
        var recovery = world.Recover();
        world.Bookies.Lose(world.Find("fence -1 at b3"));
        world.Deliver("fence -1", "b1", "b2");
        Assert.False(world.Bookies["b3"].IsFenced(LedgerWorld.Ledger));

        world.Bookies.Deliver(world.Find("fence 0 at b3"));

        Assert.Equal("answer to fence 0 from b3", world.Bookies.InFlight[^1].ToString());
        var add = new AddRequest(
            LedgerWorld.Ledger, new EntryId(0), world.Credentials.MasterKey, OldWriter.Package(LedgerWorld.Ledger, 0, EntryId.None, world.Credentials), AddOptions.None);
        Assert.Equal(BookieStatus.Fenced, world.Bookies["b3"].Add(add));
        world.Bookies.DeliverAll();
        Assert.True(recovery.IsCompletedSuccessfully);
    }

    [Theory, InlineData(BookieStatus.TimedOut), InlineData(BookieStatus.IoError), InlineData(BookieStatus.UnknownLedgerState)]
    internal async Task L6_when_an_ack_quorum_does_not_say_recovery_fails_and_does_not_close(BookieStatus status)
    {
        var world = new LedgerWorld(s_three);
        var recovery = world.Recover();
        world.Deliver("fence -1", "b1", "b2", "b3");
        world.Bookies.Lose(world.Find("fence 0 at b1"), status);
        world.Bookies.Lose(world.Find("fence 0 at b2"), status);
        Assert.False(recovery.IsCompleted, "b3 may still have it");
        world.Deliver("fence 0", "b3");

        var failure = await Assert.ThrowsAsync<BookKeeperException>(() => recovery);

        Assert.Equal((BookieErrors.ErrorOf(status, isWrite: false), new EntryId(0), new BookieId("b2")), (failure.Error, failure.Entry!.Value, failure.Bookie!.Value));
        Assert.Equal(LedgerState.InRecovery, world.Now.State);
    }

    [Theory, InlineData(3, 3, 2, 2), InlineData(3, 3, 3, 1), InlineData(5, 5, 2, 4), InlineData(5, 4, 3, 2), InlineData(1, 1, 1, 1)]
    public async Task L7_absent_after_exactly_the_required_negatives_with_others_hung(int ensemble, int write, int ack, int negatives)
    {
        var world = new LedgerWorld(new QuorumSizes(ensemble, write, ack));
        var recovery = world.Recover();
        world.Bookies.DeliverWhere(message => message.What == "fence -1");
        for (var answer = 1; answer <= negatives; answer++)
        {
            Assert.False(recovery.IsCompleted, $"{answer - 1} negatives are too few");
            world.Deliver("fence 0", $"b{answer}");
        }

        Assert.Equal(EntryId.None, (await recovery).Value.LastEntry);
    }

    [Fact]
    public async Task L7_one_positive_overrides_the_negatives_before_it()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b3");
        var recovery = world.Recover();
        world.Bookies.DeliverWhere(message => message.What == "fence -1");
        world.Deliver("fence 0", "b1");
        world.Deliver("fence 0", "b3");
        world.Deliver("fence 0", "b2");
        world.Bookies.DeliverAll();

        Assert.Equal(new EntryId(0), (await recovery).Value.LastEntry);
        Assert.All(LedgerWorld.Three, bookie => Assert.True(world.Has(bookie, 0)));
    }

    [Fact]
    public async Task Entries_behind_an_absent_one_decide_nothing()
    {
        // No bookie answers for e1, and e2 is present; but e0 is absent, so neither was ever acknowledged.
        var world = new LedgerWorld(s_three);
        world.Store(2, -1, "b1", "b2", "b3");
        var recovery = world.Recover();
        world.Bookies.DeliverWhere(message => message.What == "fence -1");
        world.Deliver("fence 2", "b1", "b2", "b3");
        foreach (var bookie in LedgerWorld.Three)
            world.Bookies.Lose(world.Find($"fence 1 at {bookie}"));
        Assert.False(recovery.IsCompleted, "e0 is not decided, so nothing is");
        world.Deliver("fence 0", "b1", "b2");

        Assert.Equal(EntryId.None, (await recovery).Value.LastEntry);
    }

    [Fact]
    public async Task Recovered_entries_are_written_to_their_whole_write_set_and_carry_the_lac()
    {
        var world = new LedgerWorld(new QuorumSizes(5, 3, 2));
        for (var entry = 0; entry < 3; entry++)
            world.Store(entry, -1, $"b{entry + 1}");

        var closed = await world.RecoverNow();

        Assert.Equal((new EntryId(2), OldWriter.LengthOf(2)), (closed.LastEntry, closed.Length));
        for (var entry = 0; entry < 3; entry++)
        {
            for (var copy = 0; copy < 5; copy++)
                Assert.Equal(copy is >= 0 and < 3, world.Has($"b{(entry + copy) % 5 + 1}", entry));
            var opened = world.Open($"b{entry + 1}", entry);
            Assert.Equal(OldWriter.PayloadOf(entry), opened.Payload.ToArray());
            Assert.Equal(OldWriter.LengthOf(entry), opened.Header.Length);
            Assert.True(opened.Header.LastAddConfirmed < new EntryId(entry));
        }
    }

    [Fact]
    public async Task Length_of_a_ledger_with_nothing_to_recover_is_that_of_its_last_entry()
    {
        var world = new LedgerWorld(s_three, [(0, ["b1", "b2", "b3"]), (2, ["b4", "b5", "b6"])]);
        world.Store(0, -1, "b1", "b2", "b3");
        world.Store(1, 0, "b2", "b3");

        var closed = await world.RecoverNow();

        Assert.Equal((new EntryId(1), OldWriter.LengthOf(1)), (closed.LastEntry, closed.Length));
    }

    [Fact]
    public async Task Ledger_whose_last_acknowledged_entry_nobody_gives_is_not_closed_with_a_wrong_length()
    {
        var world = new LedgerWorld(s_three, [(0, ["b1", "b2", "b3"]), (2, ["b4", "b5", "b6"])]);
        world.Store(1, 0, "b2", "b3");
        world.Bookies.Down.UnionWith(LedgerWorld.Named("b2", "b3"));

        var failure = await world.FailToRecover();

        Assert.Equal((BookKeeperError.BookieUnavailable, new EntryId(1)), (failure.Error, failure.Entry!.Value));
        Assert.Equal(LedgerState.InRecovery, world.Now.State);
    }

    [Fact]
    public async Task Long_tail_is_recovered_in_order_with_a_window()
    {
        var world = new LedgerWorld(s_three);
        for (var entry = 0; entry < 100; entry++)
            world.Store(entry, -1, "b2", "b3");

        var recovery = world.Recover();
        var widest = 0;
        for (var step = 0; world.Bookies.InFlight.Count > 0; step++)
        {
            widest = Math.Max(widest, world.Bookies.InFlight.Count);
            world.Bookies.Deliver(world.Bookies.InFlight[step * 31 % world.Bookies.InFlight.Count]);
        }

        Assert.Equal((new EntryId(99), OldWriter.LengthOf(99)), ((await recovery).Value.LastEntry, world.Now.Length));
        Assert.InRange(widest, 30, 200);
    }

    [Fact]
    public async Task Cancelled_recovery_ends_while_bookies_hang()
    {
        var world = new LedgerWorld(s_three);
        using var cancellation = new CancellationTokenSource();
        var recovery = BookKeeper.Recovering.LedgerRecovery.RecoverAsync(world.Services, LedgerWorld.Ledger, world.Credentials, cancellation.Token).AsTask();
        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recovery);
        world.Bookies.DeliverAll();
        Assert.Equal(LedgerState.InRecovery, world.Now.State);
    }
}
