using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Recovering;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Recovering;

public sealed class LacTests
{
    private static readonly QuorumSizes s_three = new(3, 3, 2);

    [Fact]
    public async Task Lac_is_the_highest_that_any_entry_carries_and_nothing_is_fenced()
    {
        var world = new LedgerWorld(s_three);
        world.Store(6, 3, "b1");
        world.Store(5, 4, "b2");

        Assert.Equal(new EntryId(4), await Read(world));
        Assert.All(LedgerWorld.Three, bookie => Assert.False(world.Bookies[bookie].IsFenced(LedgerWorld.Ledger)));
    }

    [Fact]
    public async Task Lac_that_a_bookie_heard_of_counts_too()
    {
        var world = new LedgerWorld(s_three);
        world.Store(6, 3, "b1", "b2", "b3");
        world.Bookies["b2"].WriteLac(LedgerWorld.Ledger, new EntryId(6), world.Credentials.MasterKey, Packet(world, 6));

        Assert.Equal(new EntryId(6), await Read(world));
    }

    [Fact]
    public async Task Recovery_believes_only_what_a_digest_covers()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1", "b2", "b3");
        world.Bookies["b2"].WriteLac(LedgerWorld.Ledger, new EntryId(600), world.Credentials.MasterKey, Packet(world, 600));

        Assert.Equal(new EntryId(0), (await world.RecoverNow()).LastEntry);
    }

    [Fact]
    public async Task Explicit_lac_is_the_higher_of_the_one_sent_and_the_one_in_the_last_entry()
    {
        var world = new LedgerWorld(s_three);
        world.Store(6, 5, "b1");
        world.Store(3, 2, "b2");
        world.Bookies["b2"].WriteLac(LedgerWorld.Ledger, new EntryId(3), world.Credentials.MasterKey, Packet(world, 3));
        Assert.Equal(new EntryId(5), await Read(world));

        world.Bookies["b2"].WriteLac(LedgerWorld.Ledger, new EntryId(6), world.Credentials.MasterKey, Packet(world, 6));
        Assert.Equal(new EntryId(6), await Read(world));
    }

    [Fact]
    public async Task Explicit_lac_of_bookies_that_know_nothing_is_that_before_the_last_segment()
    {
        var world = new LedgerWorld(s_three, [(0, ["b1", "b2", "b3"]), (10, ["b1", "b2", "b4"])]);
        Assert.Equal(new EntryId(9), await Read(world));
    }

    [Fact]
    public async Task Explicit_lac_with_a_broken_digest_is_a_failure()
    {
        var world = new LedgerWorld(s_three);
        var packet = Packet(world, 3);
        packet[^1] ^= 1;
        foreach (var bookie in new[] { "b1", "b3" })
            world.Bookies[bookie].WriteLac(LedgerWorld.Ledger, new EntryId(3), world.Credentials.MasterKey, packet);

        var failure = await Assert.ThrowsAsync<BookKeeperException>(() => Read(world));

        Assert.Equal((BookKeeperError.NotEnoughBookies, BookKeeperError.DigestMismatch), (failure.Error, ((BookKeeperException)failure.InnerException!).Error));
    }

    [Fact]
    public async Task Coverage_needs_no_answer_from_a_hung_bookie_but_from_all_ack_quorums()
    {
        var world = new LedgerWorld(new QuorumSizes(5, 3, 2));
        world.Store(1, 0, "b2", "b3");
        var reading = LacReading.ReadAsync(world.Services, world.Now, world.Credentials, CancellationToken.None).AsTask();
        world.Deliver("read lac", "b1", "b4");
        Assert.False(reading.IsCompleted, "b2 and b3 may be an ack quorum");
        world.Deliver("read lac", "b2");
        Assert.False(reading.IsCompleted, "b3 and b5 may be an ack quorum");
        world.Deliver("read lac", "b3");

        Assert.Equal(new EntryId(0), await reading);
        world.Bookies.DeliverAll();
    }

    [Fact]
    public async Task Entry_that_claims_to_be_acknowledged_itself_counts_up_to_the_one_before_it()
    {
        var world = new LedgerWorld(s_three);
        world.Store(6, long.MaxValue, "b1");

        Assert.Equal(new EntryId(5), await Read(world));
    }

    [Fact]
    public async Task Too_few_answers_are_an_error()
    {
        var world = new LedgerWorld(s_three);
        world.Bookies.Down.UnionWith(LedgerWorld.Named("b1", "b3"));

        var failure = await Assert.ThrowsAsync<BookKeeperException>(() => Read(world));

        Assert.Equal((BookKeeperError.NotEnoughBookies, LedgerWorld.Ledger), (failure.Error, failure.Ledger!.Value));
        Assert.NotNull(failure.Bookie);
    }

    [Fact]
    public async Task Connection_that_is_not_authenticated_fails_at_once()
    {
        var world = new LedgerWorld(s_three);
        world.Bookies["b1"].Refuses = BookieStatus.Unauthorized;

        Assert.Equal(BookKeeperError.Unauthorized, (await Assert.ThrowsAsync<BookKeeperException>(() => Read(world))).Error);
    }

    [Fact]
    public async Task Lac_of_a_closed_ledger_is_its_last_entry()
    {
        var world = new LedgerWorld(s_three);
        world.Metadata.Put(world.Now.Close(new EntryId(8), 80));

        Assert.Equal(new EntryId(8), await LacReading.ReadAsync(world.Services, world.Now, world.Credentials, CancellationToken.None));
        Assert.Empty(world.Bookies.InFlight);
    }

    private static byte[] Packet(LedgerWorld world, long lac) => LacPacket.Seal(LedgerWorld.Ledger, new EntryId(lac), world.Credentials.Digest);

    private static async Task<EntryId> Read(LedgerWorld world)
    {
        var reading = LacReading.ReadAsync(world.Services, world.Now, world.Credentials, CancellationToken.None);
        world.Bookies.DeliverAll();
        Assert.True(reading.IsCompleted);
        return await reading;
    }
}
