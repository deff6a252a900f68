using Daybook.BookKeeper.Writing;

namespace Daybook.BookKeeper.Tests.Writing;

public sealed class EnsembleChangeTests
{
    [Fact]
    public async Task L12_ack_of_a_replaced_bookie_counts_no_more_and_its_late_success_is_ignored()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4");
        var appends = bench.AppendAll(2);
        bench.Reach("b1", 0);
        bench.Pass("b1 b2", 1);
        var late = bench.Bookies.InFlight.Single(message => message.IsAnswer);
        bench.Bookies.InFlight.Remove(late);
        var third = bench.Append();
        bench.Lose("b1", 2);
        Assert.Equal("0:b4,b2,b3", bench.Segments);
        Assert.Equal("b2:0 b2:2 b3:0 b3:1 b3:2 b4:0 b4:1 b4:2", bench.UnderWay);

        late.Pass(null);
        bench.Pass("b2", 0);
        Assert.Equal(EntryId.None, bench.Writer.LastAddConfirmed);
        bench.Pass("b3", 0);
        await appends[0].WithinReason();
        Assert.Equal(new EntryId(0), bench.Writer.LastAddConfirmed);
        bench.Pass("b4", 1);
        await appends[1].WithinReason();
        bench.Bookies.DeliverAll();
        await third.WithinReason();
    }

    [Fact]
    public async Task L12_bookie_that_comes_back_to_its_position_is_not_taken_at_its_word_of_before()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2");
        var append = bench.Append();
        _ = bench.Append();
        bench.Reach("b1", 0);
        var late = bench.Bookies.InFlight.Single(message => message.IsAnswer);
        bench.Bookies.InFlight.Remove(late);
        bench.Lose("b1");
        bench.Selection.Avoided.Clear();
        bench.Bookies["b1"].Wipe();
        bench.Lose("b2");
        Assert.Equal("0:b1", bench.Segments);

        late.Pass(null);
        Assert.Equal(EntryId.None, bench.Writer.LastAddConfirmed);
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        Assert.Equal(1, bench.CopiesOf(0, "b1"));
    }

    [Fact]
    public async Task L13_change_starts_a_segment_after_the_lac_and_replaces_one_that_starts_there()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4 b5 b6");
        var first = bench.AppendAll(3);
        bench.Bookies.DeliverAll();
        await Task.WhenAll(first).WithinReason();
        var append = bench.Append();
        bench.Lose("b2");
        Assert.Equal("0:b1,b2,b3 3:b1,b4,b3", bench.Segments);
        bench.Lose("b4");
        bench.Lose("b1");
        Assert.Equal("0:b1,b2,b3 3:b6,b5,b3", bench.Segments);
        bench.Bookies.DeliverAll();
        Assert.Equal(new EntryId(3), await append.WithinReason());
        Assert.Equal(3, bench.CopiesOf(3, "b3 b5 b6"));
    }

    [Fact]
    public async Task L13_replacement_that_is_in_the_ensemble_already_is_none()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var selection = new OffersWhatIsThere();
        var writer = await NewLedger.CreateAsync(bench.Services with { Selection = selection }, new CreateLedgerOptions());
        var append = writer.AppendAsync(new byte[1]);
        bench.Lose("b1");
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        Assert.Equal(2, bench.Metadata.Writes);
    }

    [Fact]
    public async Task Bookies_that_fail_together_are_replaced_in_one_change()
    {
        var bench = await WriterBench.StartAsync(5, 3, 2, "b0 b1 b2 b3 b4 c0 c1 c2");
        var written = new TaskCompletionSource();
        bench.Metadata.Before = (what, _) => what == "write" ? written.Task : Task.CompletedTask;
        var appends = bench.AppendAll(5);
        bench.Lose("b0");
        bench.Lose("b3");
        bench.Lose("b4");
        bench.Pass("b1 b2");
        Assert.Equal(EntryId.None, bench.Writer.LastAddConfirmed);

        // The first change is under way with b0 alone; the two that failed meanwhile go together.
        written.SetResult();
        Assert.Equal("0:c0,b1,b2,b3,b4 2:c0,b1,b2,c1,c2", bench.Segments);
        Assert.Equal(3, bench.Metadata.Writes);
        bench.Bookies.DeliverAll();
        await Task.WhenAll(appends).WithinReason();
    }

    [Fact]
    public async Task Nothing_is_acknowledged_while_a_change_is_being_written()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4");
        var written = new TaskCompletionSource();
        bench.Metadata.Before = (what, _) => what == "write" ? written.Task : Task.CompletedTask;
        var append = bench.Append();
        bench.Lose("b1");
        bench.Pass("b2 b3");
        Assert.Equal(EntryId.None, bench.Writer.LastAddConfirmed);
        written.SetResult();
        await append.WithinReason();
        Assert.Equal("0:b4,b2,b3", bench.Segments);
        Assert.Equal("b4:0", bench.UnderWay);
    }

    [Fact]
    public async Task Read_only_bookie_is_replaced()
    {
        var bench = await WriterBench.StartAsync(3, 3, 3, "b1 b2 b3 b4");
        bench.Bookies["b3"].IsReadOnly = true;
        var append = bench.Append();
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        Assert.Equal("0:b1,b2,b4", bench.Segments);
        Assert.Equal([new BookieId("b3")], bench.Selection.Avoided);
    }

    [Fact]
    public async Task Failure_after_the_quorum_replaces_the_bookie_from_the_next_entry_on()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4");
        var append = bench.Append();
        bench.Pass("b1 b2");
        await append.WithinReason();
        bench.Lose("b3");
        Assert.Equal("0:b1,b2,b3 1:b1,b2,b4", bench.Segments);
        Assert.Equal("", bench.UnderWay);
    }

    [Fact]
    public async Task Change_that_lost_against_a_change_of_older_segments_is_made_again_on_top_of_it()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2 b3 b9");
        var first = bench.Append();
        bench.Bookies.DeliverAll();
        await first.WithinReason();
        _ = bench.Append();
        bench.Lose("b1");
        bench.Pass("b2");
        bench.Metadata.TellsOfChanges = false;
        bench.Change(metadata => metadata.ReplaceBookies(new EntryId(0), [new BookieId("b9")]));
        var append = bench.Append();
        bench.Lose("b2");
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        Assert.Equal("0:b9 1:b2 2:b3", bench.Segments);
    }

    [Fact]
    public async Task Change_whose_answer_was_lost_is_recognized_and_not_made_twice()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2 b3");
        bench.Metadata.Before = (what, _) =>
        {
            if (what == "write")
                bench.Change(metadata => metadata.ChangeEnsemble(new EntryId(0), [new BookieId("b2")]));
            return Task.CompletedTask;
        };
        var append = bench.Append();
        bench.Lose("b1");
        Assert.Equal("b2:0", bench.UnderWay);
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        Assert.Equal("0:b2", bench.Segments);
    }

    [Fact]
    public async Task Segment_that_somebody_else_began_ends_the_writer()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2");
        var append = bench.Append();
        bench.Metadata.TellsOfChanges = false;
        bench.Change(metadata => metadata.ChangeEnsemble(new EntryId(7), [new BookieId("b2")]));
        bench.Lose("b1");
        var doubt = await Assert.ThrowsAsync<InDoubtException>(() => append.WithinReason());
        Assert.Contains("somebody else writes it, from entry 7 on", doubt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_that_cannot_be_reached_are_tried_again_and_then_everything_is_in_doubt()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2");
        var tries = 0;
        bench.Metadata.Before = (_, _) => ++tries > 0
            ? Task.FromException(new BookKeeperException(BookKeeperError.MetadataUnavailable, "ZooKeeper is away"))
            : Task.CompletedTask;
        var append = bench.Append();
        bench.Lose("b1");
        while (tries < 5)
            bench.Time.Advance(await bench.Time.NextTimerAsync().WithinReason());
        await Assert.ThrowsAsync<InDoubtException>(() => append.WithinReason());
        Assert.Equal(5, tries);
        await bench.Append().FailsWith(ErrorCode.LedgerClosed);
    }

    [Fact]
    public async Task Metadata_that_are_reached_again_in_time_let_the_writer_go_on()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2");
        var away = true;
        bench.Metadata.Before = (_, _) => away
            ? Task.FromException(new BookKeeperException(BookKeeperError.MetadataUnavailable, "ZooKeeper is away"))
            : Task.CompletedTask;
        var append = bench.Append();
        bench.Lose("b1");
        await bench.Time.NextTimerAsync().WithinReason();
        away = false;
        bench.Time.Advance(TimeSpan.FromMilliseconds(200));
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        Assert.Equal("0:b2", bench.Segments);
    }
}
