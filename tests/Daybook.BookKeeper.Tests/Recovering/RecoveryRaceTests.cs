using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Recovering;

namespace Daybook.BookKeeper.Tests.Recovering;

public sealed class RecoveryRaceTests
{
    private static readonly QuorumSizes s_three = new(3, 3, 2);

    [Fact]
    public async Task L10_loser_of_two_recoveries_returns_what_the_winner_closed()
    {
        // One reads e0 on b2 before it is written again, and on b3: absent. The other one found it on b1.
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1");
        var (finds, misses) = (world.Recover(), world.Recover());
        world.Bookies.DeliverWhere(message => message.What == "fence -1");
        var reads = world.Bookies.InFlight.Where(message => message.What == "fence 0").ToList();
        Assert.Equal(6, reads.Count);
        foreach (var read in new[] { reads[0], reads[4], reads[5] })
            world.Bookies.Deliver(read);
        var negatives = world.Bookies.InFlight.Where(message => message is { IsAnswer: true, What: "fence 0", Bookie.Value: "b2" or "b3" }).ToList();
        world.Bookies.Deliver(world.Find("answer to fence 0 from b1"));
        Assert.Equal(2, world.Metadata.Writes);
        foreach (var negative in negatives)
            world.Bookies.Deliver(negative);
        Assert.True(misses.IsCompletedSuccessfully, "it closed the ledger empty");
        world.Bookies.DeliverAll();

        Assert.Equal((EntryId.None, EntryId.None), ((await misses).Value.LastEntry, (await finds).Value.LastEntry));
        Assert.Equal((EntryId.None, 3), (world.Now.LastEntry, world.Metadata.Writes));
        Assert.True(world.Has("b2", 0), "what was written again lies behind the end, and no reader goes there");
    }

    [Fact]
    public async Task Recovery_starts_over_when_the_metadata_changed_but_are_not_closed()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1", "b2");
        var recovery = world.Recover();
        world.Bookies.DeliverWhere(message => message.What == "fence -1");
        world.Bookies["b9"].EntriesOf(LedgerWorld.Ledger)[0] = world.Bookies["b1"].EntriesOf(LedgerWorld.Ledger)[0];
        world.Metadata.Put(world.Now.ReplaceBookies(new EntryId(0), LedgerWorld.Named("b9", "b2", "b3")));

        world.Bookies.DeliverAll();

        var closed = (await recovery).Value;
        Assert.Equal((new EntryId(0), "b9,b2,b3"), (closed.LastEntry, string.Join(',', closed.Current.Bookies)));
        Assert.True(world.Bookies["b9"].IsFenced(LedgerWorld.Ledger));
    }

    [Fact]
    public async Task Recovery_fails_when_the_metadata_keep_changing()
    {
        var world = new LedgerWorld(s_three);
        world.Metadata.Before = (what, _) =>
        {
            if (what == "write")
                world.Metadata.Put(world.Now);
            return Task.CompletedTask;
        };

        Assert.Equal(BookKeeperError.MetadataVersion, (await world.FailToRecover()).Error);
        Assert.Equal(1 + LedgerRecovery.Tries, world.Metadata.Writes);
    }

    [Fact]
    public async Task Ledger_that_its_writer_closes_before_the_recovery_begins_is_closed()
    {
        var world = new LedgerWorld(s_three);
        world.Metadata.Before = (what, _) =>
        {
            if (what == "write" && world.Metadata.Writes == 1)
                world.Metadata.Put(world.Now.Close(new EntryId(3), 30));
            return Task.CompletedTask;
        };

        Assert.Equal(new EntryId(3), (await world.RecoverNow()).LastEntry);
        Assert.Empty(world.Bookies.InFlight);
    }

    [Fact]
    public async Task Writer_that_closes_the_ledger_meanwhile_wins()
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1", "b2", "b3");
        var recovery = world.Recover();
        world.Bookies.DeliverWhere(message => message.What == "fence -1");
        world.Metadata.Put(world.Now.Close(new EntryId(0), OldWriter.LengthOf(0)));
        world.Bookies.DeliverAll();

        var closed = (await recovery).Value;

        Assert.Equal((new EntryId(0), 3), (closed.LastEntry, world.Metadata.Writes));
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task L11_lost_reply_to_a_write_of_metadata_is_resolved_by_reading(int lostWrite)
    {
        var world = new LedgerWorld(s_three);
        world.Store(0, -1, "b1", "b2");
        var metadata = new ForgetfulMetadata(world.Metadata, lostWrite);
        var recovery = LedgerRecovery.RecoverAsync(world.ServicesOn(world.Bookies, metadata), LedgerWorld.Ledger, null, CancellationToken.None).AsTask();
        world.Bookies.DeliverAll();

        var closed = (await recovery).Value;

        Assert.Equal((new EntryId(0), OldWriter.LengthOf(0)), (closed.LastEntry, closed.Length));
        Assert.Equal((3, 1), (world.Metadata.Writes, metadata.Lost));
    }

    [Fact]
    public async Task Metadata_out_of_reach_for_a_while_are_asked_for_again()
    {
        var world = new LedgerWorld(s_three);
        var refusals = 5;
        world.Metadata.Before = (_, ledger) => refusals-- > 0 ? throw Unavailable(ledger) : Task.CompletedTask;

        Assert.Equal(LedgerState.Closed, (await world.RecoverNow()).State);
        Assert.Equal(5, world.Time.Pauses);
    }

    [Fact]
    public async Task Metadata_out_of_reach_for_good_are_an_error()
    {
        var world = new LedgerWorld(s_three);
        world.Metadata.Before = (_, ledger) => throw Unavailable(ledger);

        Assert.Equal(BookKeeperError.MetadataUnavailable, (await world.FailToRecover()).Error);
        Assert.Equal(PatientMetadata.Tries - 1, world.Time.Pauses);
    }

    [Fact]
    public async Task Ledger_without_metadata_is_an_error_at_once()
    {
        var world = new LedgerWorld(s_three);
        await world.Metadata.DeleteAsync(LedgerWorld.Ledger);

        Assert.Equal(BookKeeperError.NoSuchLedgerMetadata, (await world.FailToRecover()).Error);
    }

    internal static BookKeeperException Unavailable(LedgerId ledger) => new(BookKeeperError.MetadataUnavailable, "no answer", ledger);
}
