using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Writing;

namespace Daybook.BookKeeper.Tests.Writing;

/// <summary>What a writer learns of its ledger by the watch on its metadata, while its bookies would take anything.</summary>
public sealed class WriterWatchTests
{
    [Fact]
    public async Task L22_fenced_writer_reports_that_its_ledger_is_gone_once_it_is_deleted()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        bench.Change(metadata => metadata.InRecovery());
        bench.Change(metadata => metadata.Close(EntryId.None, 0));
        await bench.Append().FailsWith(ErrorCode.LedgerFenced);
        await bench.Metadata.DeleteAsync(bench.Ledger);

        await bench.Append().FailsWith(ErrorCode.NoSuchLedger);
        bench.Metadata.EndWatches(bench.Ledger);
        Assert.Equal(4, bench.Metadata.Watches);
        await bench.Writer.CloseAsync().AsTask().FailsWith(ErrorCode.NoSuchLedger);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task L22_writer_learns_that_its_ledger_is_deleted_though_bookies_that_forgot_it_would_take_its_adds(bool recoveredBefore)
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var pending = bench.AppendAll(2);
        if (recoveredBefore)
        {
            bench.Metadata.TellsOfChanges = false;
            bench.Change(metadata => metadata.InRecovery().Close(EntryId.None, 0));
        }
        await bench.Metadata.DeleteAsync(bench.Ledger);
        foreach (var bookie in new[] { "b1", "b2", "b3" })
            bench.Bookies[bookie].Wipe();
        bench.Metadata.TellsOfChanges = true;
        bench.Bookies.DeliverAll();

        await pending[0].FailsWith(ErrorCode.NoSuchLedger);
        await pending[1].FailsWith(ErrorCode.NoSuchLedger);
        await bench.Append().FailsWith(ErrorCode.NoSuchLedger);
        Assert.Equal((EntryId.None, ""), (bench.Writer.LastAddConfirmed, bench.UnderWay));
        await bench.Writer.CloseAsync().AsTask().FailsWith(ErrorCode.NoSuchLedger);
        Assert.Null(bench.Metadata.BytesOf(bench.Ledger));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task L14_writer_learns_that_its_ledger_is_recovered_or_closed_before_any_bookie_tells(bool closed)
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var acknowledged = bench.Append();
        bench.Bookies.DeliverAll();
        await acknowledged.WithinReason();
        var pending = bench.Append();
        bench.Change(metadata => closed ? metadata.Close(new EntryId(1), 6) : metadata.InRecovery());
        bench.Bookies.DeliverAll();

        await pending.FailsWith(ErrorCode.LedgerFenced);
        await bench.Append().FailsWith(ErrorCode.LedgerFenced);
        Assert.Equal((new EntryId(0), 2), (bench.Writer.LastAddConfirmed, bench.Metadata.Writes));
    }

    [Fact]
    public async Task L14_writer_amid_a_change_of_its_ensemble_dies_of_what_it_sees_and_does_not_write_again()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4");
        var (arrived, carriedOut) = (0, new TaskCompletionSource());
        bench.Metadata.Before = (what, _) => what == "write" && arrived++ == 0 ? carriedOut.Task : Task.CompletedTask;
        var append = bench.Append();
        bench.Lose("b1");
        bench.Change(metadata => metadata.InRecovery());
        var before = bench.Metadata.BytesOf(bench.Ledger);
        carriedOut.SetResult();

        await append.FailsWith(ErrorCode.LedgerFenced);
        Assert.Equal((1, before), (arrived, bench.Metadata.BytesOf(bench.Ledger)));
    }

    [Fact]
    public async Task Writer_watches_once_reads_again_after_each_change_and_no_more_once_it_has_closed_the_ledger()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4");
        Assert.Equal(1, bench.Metadata.Watches);
        var append = bench.Append();
        bench.Lose("b1");
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        Assert.Equal(("0:b4,b2,b3", 2), (bench.Segments, bench.Metadata.Watches));

        bench.Metadata.EndWatches(bench.Ledger);
        Assert.Equal(3, bench.Metadata.Watches);
        await bench.Writer.CloseAsync();

        Assert.Equal((LedgerState.Closed, 3), (bench.Metadata[bench.Ledger].State, bench.Metadata.Watches));
    }

    [Fact]
    public async Task L14_what_happened_while_the_metadata_could_not_be_watched_is_seen_afterwards()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var away = true;
        bench.Metadata.Before = (_, _) => away
            ? Task.FromException(new BookKeeperException(BookKeeperError.MetadataUnavailable, "ZooKeeper is away"))
            : Task.CompletedTask;
        bench.Metadata.EndWatches(bench.Ledger);
        bench.Change(metadata => metadata.InRecovery());
        bench.Time.Advance(WriterWatch.LookAgainAfter);
        var pending = bench.Append();
        bench.Bookies.DeliverAll();
        Assert.Equal(new EntryId(0), await pending.WithinReason());
        away = false;
        bench.Time.Advance(WriterWatch.LookAgainAfter);

        await bench.Append().FailsWith(ErrorCode.LedgerFenced);
        Assert.Equal(2, bench.Metadata.Writes);
    }

    [Fact]
    public async Task Replaced_bookie_of_an_earlier_segment_is_kept_by_the_next_change_which_is_written_at_once()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4 b5");
        var first = bench.Append();
        bench.Bookies.DeliverAll();
        await first.WithinReason();
        var second = bench.Append();
        bench.Lose("b1");
        bench.Bookies.DeliverAll();
        await second.WithinReason();
        bench.Change(metadata => metadata.ReplaceBookies(new EntryId(0), [new BookieId("b9"), new BookieId("b2"), new BookieId("b3")]));
        var reads = 0;
        bench.Metadata.Before = (what, _) => Task.FromResult(reads += what == "read" ? 1 : 0);
        var third = bench.Append();
        bench.Lose("b2");
        bench.Bookies.DeliverAll();

        await third.WithinReason();
        Assert.Equal("0:b9,b2,b3 1:b4,b2,b3 2:b4,b5,b3", bench.Segments);
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task Replaced_bookie_of_the_segment_that_is_written_gets_what_is_under_way()
    {
        var bench = await WriterBench.StartAsync(3, 3, 3, "b1 b2 b3");
        var append = bench.Append();
        bench.Pass("b2 b3");
        bench.Change(metadata => metadata.ReplaceBookies(new EntryId(0), [new BookieId("b9"), new BookieId("b2"), new BookieId("b3")]));
        bench.Pass("b1");
        Assert.Equal((EntryId.None, "b9:0"), (bench.Writer.LastAddConfirmed, bench.UnderWay));
        bench.Bookies.DeliverAll();

        await append.WithinReason();
        Assert.Equal(3, bench.CopiesOf(0, "b9 b2 b3"));
    }

    [Fact]
    public async Task Second_writer_that_has_gone_beyond_this_one_ends_it()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2");
        bench.Change(metadata => metadata.ChangeEnsemble(new EntryId(5), [new BookieId("b2")]));

        var error = await Assert.ThrowsAsync<BookKeeperException>(() => bench.Append().WithinReason());
        Assert.Equal(BookKeeperError.WriterFailed, error.Error);
        Assert.Equal(BookKeeperError.MetadataVersion, Assert.IsType<BookKeeperException>(error.InnerException).Error);
    }

    [Fact]
    public async Task Disposed_writer_watches_no_more()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1");
        await bench.Writer.DisposeAsync();
        bench.Change(metadata => metadata.InRecovery());

        Assert.Equal(1, bench.Metadata.Watches);
        await bench.Append().FailsWith(ErrorCode.LedgerClosed);
    }
}
