using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Writing;

public sealed class WriterEndingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task L4_old_writer_whose_fence_was_lost_on_one_bookie_acknowledges_nothing_once_the_ledger_is_closed_empty(bool fenceIsHeard)
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4");
        var append = bench.Append();
        bench.Metadata.TellsOfChanges = false;
        bench.Change(metadata => metadata.InRecovery());
        Fence(bench, "b1");
        Fence(bench, "b2");
        bench.Change(metadata => metadata.Close(EntryId.None, 0));

        bench.Pass("b3");
        Assert.Equal(1, bench.CopiesOf(0, "b3"));
        if (fenceIsHeard)
            bench.Pass("b1 b2");
        else
            bench.Lose("b1 b2");
        await append.FailsWith(ErrorCode.LedgerFenced);
        Assert.Equal("0:b1,b2,b3", bench.Segments);
        Assert.Equal(LedgerState.Closed, bench.Metadata[bench.Ledger].State);
    }

    [Fact]
    public async Task L14_fenced_answer_ends_everything_pending_and_later_and_writes_no_metadata()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4");
        var acknowledged = bench.Append();
        bench.Bookies.DeliverAll();
        await acknowledged.WithinReason();
        var pending = bench.AppendAll(3);
        Fence(bench, "b1");
        bench.Pass("b2 b3", 1);
        bench.Pass("b1", 2);
        Assert.Equal(new EntryId(1), await pending[0].WithinReason());
        await pending[1].FailsWith(ErrorCode.LedgerFenced);
        await pending[2].FailsWith(ErrorCode.LedgerFenced);
        bench.Lose("b2");
        bench.Bookies.DeliverAll();
        var later = await Assert.ThrowsAsync<BookKeeperException>(() => bench.Append().WithinReason());
        Assert.Equal((BookKeeperError.LedgerFenced, bench.Ledger, new BookieId("b1")), (later.Error, later.Ledger, later.Bookie));
        Assert.Equal(1, bench.Metadata.Writes);
        Assert.Equal("", bench.UnderWay);
    }

    [Fact]
    public async Task L14_fence_ends_a_writer_amid_a_change_of_the_ensemble_with_any_outcome()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4 b5");
        var written = new TaskCompletionSource();
        bench.Metadata.Before = (what, _) => what == "write" ? written.Task : Task.CompletedTask;
        var append = bench.Append();
        bench.Lose("b1");
        Fence(bench, "b2");
        bench.Pass("b2 b3");
        written.SetResult();
        await append.FailsWith(ErrorCode.LedgerFenced);
        Assert.Equal("", bench.UnderWay);
        Assert.Equal(2, bench.Metadata.Writes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task L14_recovery_seen_in_a_lost_compare_and_set_ends_the_writer(bool closed)
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4");
        var append = bench.Append();
        bench.Metadata.TellsOfChanges = false;
        bench.Change(metadata => closed ? metadata.Close(EntryId.None, 0) : metadata.InRecovery());
        var before = bench.Metadata.BytesOf(bench.Ledger);
        bench.Lose("b1");
        bench.Bookies.DeliverAll();
        await append.FailsWith(ErrorCode.LedgerFenced);
        await bench.Append().FailsWith(ErrorCode.LedgerFenced);
        if (!closed)
            await bench.Writer.CloseAsync().AsTask().FailsWith(ErrorCode.LedgerFenced);
        Assert.Equal(before, bench.Metadata.BytesOf(bench.Ledger));
    }

    [Fact]
    public async Task L14_wrong_password_ends_the_writer()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4");
        bench.Bookies["b2"].Add(new AddRequest(bench.Ledger, default, new byte[] { 1 }, Sealed(bench.Ledger), AddOptions.None));
        var append = bench.Append();
        bench.Bookies.DeliverAll();
        var error = await Assert.ThrowsAsync<BookKeeperException>(() => append.WithinReason());
        Assert.Equal((BookKeeperError.Unauthorized, new BookieId("b2")), (error.Error, error.Bookie));
        Assert.Equal(1, bench.Metadata.Writes);
    }

    [Fact]
    public async Task L15_append_that_times_out_is_in_doubt_and_later_ones_are_not()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var pending = bench.AppendAll(2);
        bench.Reach("b1");
        bench.Lose("b1");
        bench.Lose("b2");
        var doubt = await Assert.ThrowsAsync<InDoubtException>(() => pending[1].WithinReason());
        Assert.Contains($"Entry 1 of ledger {bench.Ledger} may have been written", doubt.Message, StringComparison.Ordinal);
        Assert.Contains("Recover the ledger and read it again", doubt.Message, StringComparison.Ordinal);
        Assert.Equal(BookKeeperError.NotEnoughBookies, Assert.IsType<BookKeeperException>(doubt.InnerException).Error);
        Assert.IsType<InDoubtException>(Assert.Single(pending[0].Exception!.InnerExceptions));
        Assert.Equal(1, bench.CopiesOf(0, "b1"));

        await Assert.ThrowsAsync<BookKeeperException>(() => bench.Append().WithinReason());
        await bench.Writer.CloseAsync().AsTask().FailsWith(ErrorCode.LedgerClosed);
        Assert.Equal(LedgerState.Open, bench.Metadata[bench.Ledger].State);
    }

    [Fact]
    public async Task Loop_that_tries_a_dead_writer_again_while_its_error_may_pass_ends()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var pending = bench.Append();
        bench.Lose("b1");
        bench.Lose("b2");
        await Assert.ThrowsAsync<InDoubtException>(() => pending.WithinReason());

        var refused = await Assert.ThrowsAsync<BookKeeperException>(() => bench.Append().WithinReason());
        var notClosed = await Assert.ThrowsAsync<BookKeeperException>(() => bench.Writer.CloseAsync().AsTask().WithinReason());

        foreach (var error in new[] { refused, notClosed })
        {
            Assert.Equal((BookKeeperError.WriterFailed, ErrorCode.LedgerClosed, false), (error.Error, error.Code, error.IsTransient));
            Assert.Equal(BookKeeperError.NotEnoughBookies, Assert.IsType<BookKeeperException>(error.InnerException).Error);
        }
    }

    [Fact]
    public async Task Close_of_a_dead_writer_may_be_tried_again_while_nobody_knows_whether_another_client_closed_the_ledger()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1");
        var pending = bench.Append();
        bench.Lose("b1");
        await Assert.ThrowsAsync<InDoubtException>(() => pending.WithinReason());
        bench.Metadata.Before = (what, _) => what == "read"
            ? Task.FromException(new BookKeeperException(BookKeeperError.MetadataUnavailable, "no answer"))
            : Task.CompletedTask;
        await bench.Writer.CloseAsync().AsTask().FailsWith(ErrorCode.Unavailable);

        bench.Metadata.Before = (_, _) => Task.CompletedTask;
        bench.Change(metadata => metadata.Close(EntryId.None, 0));

        await bench.Writer.CloseAsync().AsTask().WithinReason();
    }

    [Theory]
    [InlineData(false, ErrorCode.LedgerClosed)]
    [InlineData(true, ErrorCode.LedgerFenced)]
    public async Task L15_entry_that_still_waited_when_its_writer_died_is_reported_as_not_written(bool fenced, ErrorCode code)
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1", options => options with { MaxPendingAdds = 2 });
        var appends = bench.AppendAll(4);
        bench.Lose("b1", 0, fenced ? BookieStatus.Fenced : BookieStatus.TimedOut);

        var sent = await Assert.ThrowsAnyAsync<DaybookException>(() => appends[1].WithinReason());
        Assert.Equal(!fenced, sent is InDoubtException);
        foreach (var entry in new[] { 2, 3 })
        {
            var waited = await Assert.ThrowsAsync<BookKeeperException>(() => appends[entry].WithinReason());
            Assert.Equal((code, new EntryId(entry), bench.Ledger), (waited.Code, waited.Entry, waited.Ledger));
            Assert.Contains("was not written", waited.Message, StringComparison.Ordinal);
        }
        bench.Bookies.DeliverAll();
        Assert.Equal(0, bench.CopiesOf(2, "b1") + bench.CopiesOf(3, "b1"));
    }

    [Fact]
    public async Task L11_close_waits_for_what_is_in_flight_and_ends_the_ledger_at_the_lac()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var appends = bench.AppendAll(3);
        var closing = bench.Writer.CloseAsync().AsTask();
        await bench.Append().FailsWith(ErrorCode.LedgerClosed);
        Assert.False(closing.IsCompleted);
        bench.Bookies.DeliverAll();
        await closing.WithinReason();
        await Task.WhenAll(appends).WithinReason();
        var now = bench.Metadata[bench.Ledger];
        Assert.Equal((LedgerState.Closed, new EntryId(2), 9L), (now.State, now.LastEntry, now.Length));
        await bench.Append().FailsWith(ErrorCode.LedgerClosed);
        await bench.Writer.CloseAsync();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, false)]
    public async Task L11_close_that_finds_the_ledger_closed_succeeds_only_at_the_same_end(long more, bool same)
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var append = bench.Append();
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        bench.Metadata.TellsOfChanges = false;
        bench.Change(metadata => metadata.Close(new EntryId(more == 0 ? 0 : 1), 3 + more));
        var before = bench.Metadata.BytesOf(bench.Ledger);
        for (var i = 0; i < 2; i++)
        {
            if (same)
                await bench.Writer.CloseAsync();
            else
                await bench.Writer.CloseAsync().AsTask().FailsWith(ErrorCode.LedgerFenced);
        }
        Assert.Equal(before, bench.Metadata.BytesOf(bench.Ledger));
    }

    [Fact]
    public async Task L11_close_during_a_recovery_fails_and_writes_nothing()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        bench.Metadata.TellsOfChanges = false;
        bench.Change(metadata => metadata.InRecovery());
        await bench.Writer.CloseAsync().AsTask().FailsWith(ErrorCode.LedgerFenced);
        Assert.Equal(LedgerState.InRecovery, bench.Metadata[bench.Ledger].State);
    }

    [Fact]
    public async Task L11_fenced_writer_closes_well_where_the_recovery_has_closed()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var acknowledged = bench.Append();
        bench.Bookies.DeliverAll();
        await acknowledged.WithinReason();
        Fence(bench, "b1");
        Fence(bench, "b2");
        bench.Metadata.TellsOfChanges = false;
        bench.Change(metadata => metadata.Close(new EntryId(0), 3));
        var refused = bench.Append();
        bench.Bookies.DeliverAll();
        await refused.FailsWith(ErrorCode.LedgerFenced);
        await bench.Writer.CloseAsync();
    }

    [Fact]
    public async Task Close_on_top_of_a_change_by_somebody_else_keeps_that()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2");
        bench.Metadata.TellsOfChanges = false;
        bench.Change(metadata => metadata.ReplaceBookies(new EntryId(0), [new BookieId("b9")]));
        await bench.Writer.CloseAsync();
        Assert.Equal("0:b9", bench.Segments);
        Assert.Equal(LedgerState.Closed, bench.Metadata[bench.Ledger].State);
    }

    [Fact]
    public async Task Close_that_cannot_reach_the_metadata_fails_and_may_be_tried_again()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1");
        var away = true;
        bench.Metadata.Before = (_, _) => away
            ? Task.FromException(new BookKeeperException(BookKeeperError.MetadataUnavailable, "ZooKeeper is away"))
            : Task.CompletedTask;
        var closing = bench.Writer.CloseAsync().AsTask();
        for (var i = 0; i < 4; i++)
            bench.Time.Advance(await bench.Time.NextTimerAsync().WithinReason());
        await closing.FailsWith(ErrorCode.Unavailable);
        await bench.Append().FailsWith(ErrorCode.LedgerClosed);
        away = false;
        await bench.Writer.CloseAsync();
        Assert.Equal(LedgerState.Closed, bench.Metadata[bench.Ledger].State);
    }

    [Fact]
    public async Task L22_append_to_a_deleted_ledger_reports_that_it_is_gone()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        Fence(bench, "b1");
        bench.Metadata.TellsOfChanges = false;
        await bench.Metadata.DeleteAsync(bench.Ledger);
        var append = bench.Append();
        bench.Bookies.DeliverAll();
        await append.FailsWith(ErrorCode.NoSuchLedger);
        await bench.Append().FailsWith(ErrorCode.NoSuchLedger);
        await bench.Writer.CloseAsync().AsTask().FailsWith(ErrorCode.NoSuchLedger);
    }

    [Fact]
    public async Task L22_change_and_close_of_a_deleted_ledger_fail_and_do_not_bring_it_back()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2");
        var other = await bench.CreateAsync(1, 1, 1);
        bench.Metadata.TellsOfChanges = false;
        await bench.Metadata.DeleteAsync(bench.Ledger);
        await bench.Metadata.DeleteAsync(other.Id);
        var append = bench.Append();
        bench.Lose("b1");
        await append.FailsWith(ErrorCode.NoSuchLedger);
        await other.CloseAsync().AsTask().FailsWith(ErrorCode.NoSuchLedger);
        Assert.Null(bench.Metadata.BytesOf(bench.Ledger));
        Assert.Null(bench.Metadata.BytesOf(other.Id));
    }

    [Fact]
    public async Task Disposed_writer_takes_nothing_more_leaves_the_ledger_open_and_lets_what_is_in_flight_end()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var append = bench.Append();
        await bench.Writer.DisposeAsync();
        await bench.Append().FailsWith(ErrorCode.LedgerClosed);
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        Assert.Equal(LedgerState.Open, bench.Metadata[bench.Ledger].State);
    }

    [Fact]
    public async Task Close_continues_after_its_wait_is_cancelled()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1");
        _ = bench.Append();
        using var stop = new CancellationTokenSource();
        var closing = bench.Writer.CloseAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing.WithinReason());
        bench.Bookies.DeliverAll();
        await bench.Writer.CloseAsync().AsTask().WithinReason();
        Assert.Equal(new EntryId(0), bench.Metadata[bench.Ledger].LastEntry);
    }

    private static void Fence(WriterBench bench, string bookie) => bench.Bookies[bookie].Read(new ReadRequest(
        bench.Ledger, EntryId.None, ReadOptions.Fence, new LedgerCredentials(DigestType.Crc32C, default).MasterKey));

    private static PackagedEntry Sealed(LedgerId ledger) =>
        PackagedEntry.Seal(new EntryHeader(ledger, default, EntryId.None, 0), default, EntryDigest.Of(DigestType.Crc32C, default));
}
