using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Writing;

namespace Daybook.BookKeeper.Tests.Writing;

/// <summary>Decision 6: a writer continues without a bookie that no other can replace.</summary>
public sealed class WriterWithoutSpareTests
{
    [Fact]
    public async Task Writer_goes_on_while_every_entry_reaches_its_quorum_without_the_failed_bookie()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var appends = bench.AppendAll(3);
        bench.Lose("b2", status: BookieStatus.Unreachable);
        appends.AddRange(bench.AppendAll(2));
        Assert.Equal("b1:0 b1:1 b1:2 b1:3 b1:4 b3:0 b3:1 b3:2 b3:3 b3:4", bench.UnderWay);
        bench.Bookies.DeliverAll();
        await Task.WhenAll(appends).WithinReason();
        Assert.Equal(1, bench.Metadata.Writes);
        Assert.Equal([new BookieId("b2")], bench.Selection.Avoided);
    }

    [Fact]
    public async Task Failed_bookie_is_replaced_as_soon_as_there_is_another()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var first = bench.Append();
        bench.Lose("b2");
        bench.Bookies.DeliverAll();
        await first.WithinReason();
        var second = bench.Append();
        bench.Selection.Candidates.Add(new BookieId("b4"));
        bench.Time.Advance(WriterTimers.LookAgainAfter);
        Assert.Equal("0:b1,b2,b3 1:b1,b4,b3", bench.Segments);
        Assert.Equal("b1:1 b3:1 b4:1", bench.UnderWay);
        bench.Bookies.DeliverAll();
        await second.WithinReason();
    }

    [Fact]
    public async Task Failed_bookie_that_is_back_is_found_by_one_entry_and_gets_what_it_lacks_of_what_is_under_way()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        _ = bench.AppendAll(3);
        bench.Lose("b2", status: BookieStatus.Unreachable);
        bench.Bookies.InFlight.RemoveAll(message => message.Bookie == new BookieId("b1") && message.Entry.Value == 2);
        bench.Pass("b3 b1", 0);
        bench.Time.Advance(WriterTimers.LookAgainAfter);
        Assert.Equal("b1:1 b2:1 b3:1 b3:2", bench.UnderWay);
        bench.Pass("b2", 1);
        Assert.Equal("b1:1 b2:2 b3:1 b3:2", bench.UnderWay);
        bench.Bookies.DeliverAll();
        Assert.Equal(new EntryId(2), bench.Writer.LastAddConfirmed);

        var later = bench.Append();
        Assert.Equal("b1:3 b2:3 b3:3", bench.UnderWay);
        bench.Bookies.DeliverAll();
        await later.WithinReason();
        Assert.Equal(1, bench.Metadata.Writes);
    }

    [Fact]
    public async Task Idle_writer_tries_a_failed_bookie_with_its_next_entry_and_only_that()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var append = bench.Append();
        bench.Lose("b2");
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        bench.Time.Advance(3 * WriterTimers.LookAgainAfter);
        Assert.Equal("", bench.UnderWay);
        _ = bench.AppendAll(2);
        Assert.Equal("b1:1 b1:2 b2:1 b3:1 b3:2", bench.UnderWay);
        bench.Lose("b2", status: BookieStatus.ReadOnly);
        bench.Bookies.DeliverAll();
        Assert.Equal(new EntryId(2), bench.Writer.LastAddConfirmed);
    }

    [Fact]
    public async Task Writer_ends_when_an_entry_cannot_reach_its_quorum_any_more()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var first = bench.Append();
        bench.Lose("b2");
        Assert.False(first.IsCompleted);
        bench.Lose("b3");
        var doubt = await Assert.ThrowsAsync<InDoubtException>(() => first.WithinReason());
        Assert.Contains("nobody can replace b2, b3", doubt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task L14_writer_that_slept_through_its_fencing_reports_the_later_owner_and_not_the_bookies_that_it_lacks()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        bench.Metadata.TellsOfChanges = false;
        var first = bench.Append();
        bench.Change(metadata => metadata.InRecovery().Close(EntryId.None, 0));
        bench.Lose("b1 b2 b3", status: BookieStatus.Unreachable);
        var end = await Assert.ThrowsAsync<BookKeeperException>(() => first.WithinReason());
        Assert.Equal(BookKeeperError.LedgerFenced, end.Error);
        await bench.Append().FailsWith(ErrorCode.LedgerFenced);
    }

    [Fact]
    public async Task Entry_that_a_bookie_acknowledged_before_it_failed_keeps_that_acknowledgement()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var appends = bench.AppendAll(2);
        bench.Pass("b2", 0);
        bench.Lose("b2");
        bench.Lose("b3", 1, BookieStatus.Ok);
        bench.Pass("b1");
        Assert.Equal(new EntryId(0), await appends[0].WithinReason());
        Assert.Equal(new EntryId(1), await appends[1].WithinReason());
    }

    [Fact]
    public async Task Striped_writer_ends_at_the_first_entry_whose_own_bookies_are_too_few()
    {
        var bench = await WriterBench.StartAsync(4, 2, 2, "b0 b1 b2 b3");
        var first = bench.Append();
        bench.Pass("b0 b1");
        await first.WithinReason();
        var second = bench.Append();
        bench.Pass("b1", 1);
        bench.Bookies["b2"].Refuses = BookieStatus.IoError;
        bench.Pass("b2", 1);
        await Assert.ThrowsAsync<InDoubtException>(() => second.WithinReason());

        bench = await WriterBench.StartAsync(4, 2, 2, "b0 b1 b2 b3");
        first = bench.Append();
        bench.Reach("b0 b1");
        bench.Pass("b0 b1");
        await first.WithinReason();
        bench.Bookies["b3"].Refuses = BookieStatus.IoError;
        _ = bench.Append();
        bench.Pass("b1 b2");
        var third = bench.Append();
        bench.Pass("b3");
        Assert.Equal(BookKeeperError.NotEnoughBookies,
            Assert.IsType<BookKeeperException>((await Assert.ThrowsAsync<InDoubtException>(() => third.WithinReason())).InnerException).Error);
    }

    [Fact]
    public async Task Policy_that_throws_is_as_one_that_finds_nobody()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var writer = await NewLedger.CreateAsync(bench.Services with { Selection = new OffersWhatIsThere(throws: true) }, new CreateLedgerOptions());
        var append = writer.AppendAsync(new byte[1]);
        bench.Lose("b1");
        bench.Bookies.DeliverAll();
        await append.WithinReason();
    }
}
