using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Replication;
using Daybook.BookKeeper.Tests.Recovering;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Replication;

public sealed class LedgerReplicatorTests
{
    private static readonly QuorumSizes s_sizes = new(4, 3, 2);
    private static readonly BookieId s_lost = new("b2");

    [Fact]
    public async Task Entries_of_the_lost_bookie_are_copied_and_the_new_one_is_named()
    {
        var world = Closed(100, "n1");

        var report = await Replicate(world);

        Assert.Equal((1, 1, 75L, true), (report.Ledgers, report.Fragments, report.Entries, report.IsComplete));
        Assert.Equal("b1,n1,b3,b4", string.Join(',', world.Now.Current.Bookies));
        for (var entry = 0; entry < 100; entry++)
        {
            Assert.Equal(entry % 4 != 2, world.Has("n1", entry));
            if (entry % 4 == 2)
                continue;
            var copy = world.Open("n1", entry);
            Assert.Equal(OldWriter.PayloadOf(entry), copy.Payload.ToArray());
            Assert.Equal((new EntryId(99), OldWriter.LengthOf(entry)), (copy.Header.LastAddConfirmed, copy.Header.Length));
        }
        Assert.False(world.Bookies["b1"].IsFenced(LedgerWorld.Ledger));
        Assert.Equal((new EntryId(99), OldWriter.LengthOf(99)), (world.Now.LastEntry, world.Now.Length));
    }

    [Fact]
    public async Task Ledgers_that_do_not_name_the_lost_bookie_are_left_alone()
    {
        var world = Closed(10, "n1");
        var before = world.Metadata.BytesOf(LedgerWorld.Ledger);

        var report = await Replicate(world, lost: new BookieId("b7"));

        Assert.Equal((0, 0, 0L, true), (report.Ledgers, report.Fragments, report.Entries, report.IsComplete));
        Assert.Equal(before, world.Metadata.BytesOf(LedgerWorld.Ledger));
    }

    [Fact]
    public async Task L17_damaged_missing_and_unreachable_copies_are_passed_over()
    {
        var world = Closed(40, "n1");
        for (var entry = 0; entry < 40; entry++)
        {
            if (world.Has("b3", entry))
                world.Bookies["b3"].EntriesOf(LedgerWorld.Ledger)[entry][41] ^= 1;
        }
        world.Bookies["b2"].Wipe();

        // Entry 1 is on b2, b3 and b4.
        world.Bookies["b4"].EntriesOf(LedgerWorld.Ledger).Remove(1);
        var failed = await Replicate(world);
        var failure = Assert.Single(failed.Failures);
        Assert.Equal((LedgerWorld.Ledger, new EntryId(0), new EntryId(1)), (failure.Ledger, failure.FirstEntry!.Value, failure.Error.Entry!.Value));
        Assert.Equal((0, 0L, false), (failed.Fragments, failed.Entries, failed.IsComplete));
        Assert.Contains(s_lost, world.Now.Current.Bookies);

        world.Store(1, 0, "b4");
        var report = await Replicate(world);
        Assert.True(report.IsComplete);
        Assert.Equal(OldWriter.PayloadOf(1), world.Open("n1", 1).Payload.ToArray());
    }

    [Fact]
    public async Task Bookie_that_takes_no_copies_is_replaced_by_another()
    {
        var world = Closed(10, "n1", "n2");
        world.Bookies["n1"].Refuses = BookieStatus.IoError;

        var report = await Replicate(world);

        Assert.True(report.IsComplete);
        Assert.Equal("b1,n2,b3,b4", string.Join(',', world.Now.Current.Bookies));
        Assert.Contains(new BookieId("n1"), world.Selection.Avoided);
    }

    [Fact]
    public async Task Bookies_that_all_refuse_copies_are_reported()
    {
        var world = Closed(10, "n1");
        world.Bookies["n1"].Refuses = BookieStatus.IoError;

        var failure = Assert.Single((await Replicate(world)).Failures);

        Assert.Equal(BookKeeperError.NotEnoughBookies, failure.Error.Error);
        Assert.Contains(s_lost, world.Now.Current.Bookies);
    }

    [Fact]
    public async Task Lost_compare_and_set_is_tried_on_what_is_there_now()
    {
        var world = Closed(10, "n1");
        var interfered = false;
        world.Metadata.Before = (what, _) =>
        {
            if (what == "write" && !interfered)
            {
                interfered = true;
                world.Metadata.Put(world.Now.ReplaceBookies(new EntryId(0), LedgerWorld.Named("b1", "b2", "b3", "b9")));
            }
            return Task.CompletedTask;
        };

        var report = await Replicate(world);

        Assert.True(report is { IsComplete: true, Fragments: 1 });
        Assert.Equal("b1,n1,b3,b9", string.Join(',', world.Now.Current.Bookies));
    }

    [Fact]
    public async Task Fragment_that_somebody_else_has_replicated_meanwhile_is_not_counted()
    {
        var world = Closed(10, "n1");
        world.Metadata.Before = (what, _) =>
        {
            if (what == "write" && world.Now.Current.Bookies.Contains(s_lost))
                world.Metadata.Put(world.Now.ReplaceBookies(new EntryId(0), LedgerWorld.Named("b1", "b9", "b3", "b4")));
            return Task.CompletedTask;
        };

        var report = await Replicate(world);

        Assert.True(report is { IsComplete: true, Fragments: 0 });
        Assert.Equal("b1,b9,b3,b4", string.Join(',', world.Now.Current.Bookies));
    }

    [Fact]
    public async Task Last_fragment_of_an_open_ledger_is_left_to_its_writer_and_earlier_ones_are_copied()
    {
        var world = Open();

        var report = await Replicate(world);

        Assert.Equal((1, 4L), (report.Fragments, report.Entries));
        Assert.Equal([LedgerWorld.Ledger], report.LeftToWriters);
        Assert.False(report.IsComplete);
        Assert.Equal([(0L, "b1,n1,b3"), (4L, "b2,b4,b5")], world.Now.Segments.Select(s => (s.First.Value, string.Join(',', s.Bookies))));
        Assert.Equal(LedgerState.Open, world.Now.State);
        Assert.Equal(new EntryId(3), world.Open("n1", 2).Header.LastAddConfirmed);
    }

    [Fact]
    public async Task Open_ledger_is_recovered_first_when_asked_for()
    {
        var world = Open();
        world.Bookies.Down.Add(s_lost);

        var report = await Replicate(world, new ReplicationOptions { RecoverOpenLedgers = true });

        Assert.True(report.IsComplete);
        Assert.Equal((LedgerState.Closed, new EntryId(4), OldWriter.LengthOf(4)), (world.Now.State, world.Now.LastEntry, world.Now.Length));
        Assert.DoesNotContain(s_lost, world.Now.Segments.SelectMany(segment => segment.Bookies));
    }

    [Fact]
    public async Task Ledger_that_cannot_be_recovered_is_reported_and_others_are_done()
    {
        var world = Open();
        world.Bookies.Down.UnionWith(LedgerWorld.Named("b2", "b4", "b5"));
        world.Metadata.Put(world.Now with { Ledger = new LedgerId(8), Segments = [new EnsembleSegment(new EntryId(0), LedgerWorld.Named("b1", "b2", "b3"))] });
        world.Metadata.Put(world.Metadata[new LedgerId(8)].Close(EntryId.None, 0));

        var report = await Replicate(world, new ReplicationOptions { RecoverOpenLedgers = true });

        Assert.Equal((LedgerWorld.Ledger, BookKeeperError.NotEnoughBookies), (Assert.Single(report.Failures).Ledger, report.Failures[0].Error.Error));
        Assert.Equal((2, 1, 0L), (report.Ledgers, report.Fragments, report.Entries));
        Assert.DoesNotContain(s_lost, world.Metadata[new LedgerId(8)].Current.Bookies);
    }

    [Fact]
    public async Task Ledger_deleted_meanwhile_is_no_failure()
    {
        var world = Closed(3, "n1");
        var reads = 0;
        world.Metadata.Before = async (what, ledger) =>
        {
            if (what == "read" && ++reads == 2)
                await world.Metadata.DeleteAsync(ledger);
        };

        Assert.True((await Replicate(world)) is { IsComplete: true, Fragments: 0 });
    }

    /// <summary>Entries on all their bookies, closed.</summary>
    private static LedgerWorld Closed(int entries, params string[] spares)
    {
        var world = new LedgerWorld(s_sizes, spares);
        for (var entry = 0; entry < entries; entry++)
            world.Store(entry, entry - 1, $"b{entry % 4 + 1}", $"b{(entry + 1) % 4 + 1}", $"b{(entry + 2) % 4 + 1}");
        world.Metadata.Put(world.Now.Close(new EntryId(entries - 1), OldWriter.LengthOf(entries - 1)));
        return world;
    }

    /// <summary>Entries 0 to 3 in a first fragment, 4 in the last; both have b2.</summary>
    private static LedgerWorld Open()
    {
        var world = new LedgerWorld(new QuorumSizes(3, 3, 2), [(0, ["b1", "b2", "b3"]), (4, ["b2", "b4", "b5"])], "n1", "n2");
        for (var entry = 0; entry < 4; entry++)
            world.Store(entry, entry - 1, "b1", "b2", "b3");
        world.Store(4, 3, "b2", "b4", "b5");
        return world;
    }

    private static async Task<ReplicationReport> Replicate(LedgerWorld world, ReplicationOptions? options = null, BookieId? lost = null)
    {
        var task = new LedgerReplicator(world.Services, options ?? new ReplicationOptions()).ReplicateAsync(lost ?? s_lost, CancellationToken.None).AsTask();
        world.Bookies.DeliverAll();
        Assert.True(task.IsCompleted, "it waits for nothing");
        return await task;
    }
}
