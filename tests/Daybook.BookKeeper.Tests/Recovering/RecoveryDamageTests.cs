using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Tests.Recovering;

public sealed class RecoveryDamageTests
{
    private static readonly QuorumSizes s_three = new(3, 3, 2);

    [Fact]
    public async Task L17_damaged_copy_is_passed_over_for_a_sound_one()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1", "b2", "b3");
        world.Store(1, -1, "b1", "b2");
        world.Bookies["b1"].EntriesOf(LedgerWorld.Ledger)[1][40] ^= 1;

        var closed = await world.RecoverNow();

        Assert.Equal(new EntryId(1), closed.LastEntry);
        Assert.All(LedgerWorld.Three, bookie => Assert.Equal(OldWriter.PayloadOf(1), world.Open(bookie, 1).Payload.ToArray()));
    }

    [Fact]
    public async Task L17_damaged_copies_are_no_negatives_and_the_ledger_is_not_closed_before_them()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1", "b2");
        var recovery = world.Recover();
        world.Bookies.DeliverWhere(message => message.What == "fence -1");
        foreach (var bookie in LedgerWorld.Two)
            world.Bookies[bookie].EntriesOf(LedgerWorld.Ledger)[0][40] ^= 0x80;
        world.Bookies.DeliverAll();

        var failure = await Assert.ThrowsAsync<BookKeeperException>(() => recovery);

        Assert.Equal((BookKeeperError.DigestMismatch, new EntryId(0)), (failure.Error, failure.Entry!.Value));
        Assert.Equal(LedgerState.InRecovery, world.Now.State);
    }

    [Fact]
    public async Task L17_entry_of_another_id_is_no_answer()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1", "b2");
        var entries = world.Bookies["b1"].EntriesOf(LedgerWorld.Ledger);
        entries[1] = entries[0];

        var closed = await world.RecoverNow();

        Assert.Equal(new EntryId(0), closed.LastEntry);
        Assert.False(world.Has("b2", 1));
    }

    [Fact]
    public async Task L17_damaged_answers_to_the_fence_are_failures()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1", "b2", "b3");
        foreach (var bookie in LedgerWorld.Two)
            world.Bookies[bookie].EntriesOf(LedgerWorld.Ledger)[0][20] ^= 1;

        var failure = await world.FailToRecover();

        Assert.Equal(BookKeeperError.NotEnoughBookies, failure.Error);
        Assert.Equal(BookKeeperError.DigestMismatch, Assert.IsType<BookKeeperException>(failure.InnerException).Error);
    }

    [Fact]
    public async Task L17_wrong_password_is_refused_without_a_request()
    {
        var world = new LedgerWorld(s_three);

        var failure = await world.FailToRecover(new LedgerCredentials(DigestType.Crc32C, "wrong"u8.ToArray()));

        Assert.Equal((BookKeeperError.Unauthorized, LedgerWorld.Ledger), (failure.Error, failure.Ledger!.Value));
        Assert.Equal((LedgerState.Open, 1), (world.Now.State, world.Metadata.Writes));
        Assert.Empty(world.Bookies.InFlight);
    }

    [Fact]
    public async Task L17_bookies_refuse_another_password_than_that_of_the_writer_and_there_is_no_fallback()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1", "b2", "b3");
        world.Metadata.Put(world.Now with { Password = "wrong"u8.ToArray(), Source = null });

        var failure = await world.FailToRecover(new LedgerCredentials(DigestType.Crc32C, "wrong"u8.ToArray()));

        Assert.Equal((BookKeeperError.Unauthorized, new BookieId("b1")), (failure.Error, failure.Bookie!.Value));
        Assert.Equal(LedgerState.InRecovery, world.Now.State);
        Assert.False(world.Bookies["b1"].IsFenced(LedgerWorld.Ledger));
    }
}
