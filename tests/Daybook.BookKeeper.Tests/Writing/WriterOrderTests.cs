using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Writing;

public sealed class WriterOrderTests
{
    [Fact]
    public async Task L2_appends_are_acknowledged_in_order_for_any_order_of_answers()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var appends = bench.AppendAll(4);
        bench.Pass("b1 b2", 3);
        bench.Pass("b1 b2", 1);
        bench.Pass("b1", 0);
        Assert.Equal(EntryId.None, bench.Writer.LastAddConfirmed);
        Assert.DoesNotContain(appends, append => append.IsCompleted);

        bench.Pass("b3", 0);
        Assert.Equal(new EntryId(1), bench.Writer.LastAddConfirmed);
        Assert.Equal(new EntryId(1), await appends[1].WithinReason());
        Assert.Equal(new EntryId(0), await appends[0].WithinReason());
        Assert.False(appends[2].IsCompleted || appends[3].IsCompleted);

        bench.Pass("b2 b3", 2);
        Assert.Equal(new EntryId(3), await appends[3].WithinReason());
        Assert.True(appends[2].IsCompletedSuccessfully);
        Assert.Equal(12, bench.Writer.Length);
    }

    [Fact]
    public async Task L2_many_awaited_appends_complete_in_order()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1");
        var appends = bench.AppendAll(500);
        bench.Bookies.DeliverAll();
        for (var i = 0; i < appends.Count; i++)
        {
            Assert.Equal(new EntryId(i), await appends[i].WithinReason());
            Assert.All(appends.Take(i), earlier => Assert.True(earlier.IsCompletedSuccessfully));
        }
    }

    [Fact]
    public async Task L3_entry_with_its_quorum_is_not_acknowledged_while_the_one_before_lacks_its_own()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var appends = bench.AppendAll(3);
        bench.Pass("b1 b2 b3", 0);
        bench.Pass("b1 b2 b3", 2);
        bench.Pass("b1", 1);
        await appends[0].WithinReason();
        Assert.False(appends[2].IsCompleted);
        Assert.Equal(new EntryId(0), bench.Writer.LastAddConfirmed);
    }

    [Fact]
    public async Task L3_one_bookie_that_answers_twice_is_no_quorum()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var append = bench.Append();
        bench.Reach("b1");
        var answer = bench.Bookies.InFlight.Single(message => message.IsAnswer);
        answer.Pass(null);
        answer.Pass(null);
        Assert.Equal(EntryId.None, bench.Writer.LastAddConfirmed);
        bench.Pass("b3");
        await append.WithinReason();
    }

    [Fact]
    public async Task Entries_are_striped_and_carry_the_lac_and_length_of_when_they_were_sent()
    {
        var bench = await WriterBench.StartAsync(5, 3, 2, "b0 b1 b2 b3 b4");
        _ = bench.AppendAll(2);
        Assert.Equal("b0:0 b1:0 b1:1 b2:0 b2:1 b3:1", bench.UnderWay);
        bench.Bookies.DeliverAll();
        _ = bench.Append(bytes: 10);
        bench.Bookies.DeliverAll();

        var third = EntryHeader.Read(bench.Bookies["b4"].EntriesOf(bench.Ledger)[2]);
        Assert.Equal((new EntryId(2), new EntryId(1), 16L), (third.Entry, third.LastAddConfirmed, third.Length));
        Assert.Equal(3, bench.CopiesOf(2, "b2 b3 b4"));
    }

    [Fact]
    public async Task L16_nothing_is_sent_before_the_creation_is_confirmed()
    {
        var created = new TaskCompletionSource();
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        bench.Metadata.Before = (what, _) => what == "create" ? created.Task : Task.CompletedTask;
        var creating = bench.CreateAsync(3, 3, 2).AsTask();
        Assert.False(creating.IsCompleted);
        Assert.Empty(bench.Bookies.InFlight);

        created.SetException(new BookKeeperException(BookKeeperError.MetadataUnavailable, "ZooKeeper is away"));
        await creating.FailsWith(ErrorCode.Unavailable);
        Assert.Empty(bench.Bookies.InFlight);
    }

    [Fact]
    public async Task L23_entries_beyond_the_window_wait_in_the_writer_in_order()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1", options => options with { MaxPendingAdds = 2 });
        var appends = bench.AppendAll(5);
        Assert.Equal("b1:0 b1:1", bench.UnderWay);
        bench.Pass("b1", 0);
        Assert.Equal("b1:1 b1:2", bench.UnderWay);
        bench.Bookies.DeliverAll();
        Assert.Equal(new EntryId(4), await appends[4].WithinReason());
    }

    [Fact]
    public async Task L23_unbounded_backlog_is_taken_without_blocking_and_sent_a_window_at_a_time()
    {
        const int Backlog = 10_000;
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1", options => options with { MaxPendingAdds = 100 });
        var appends = bench.AppendAll(Backlog);
        for (var sent = 0; sent < Backlog; sent += 100)
        {
            Assert.Equal(100, bench.Bookies.InFlight.Count);
            foreach (var message in bench.Bookies.InFlight.ToList())
                bench.Bookies.Deliver(message);
            foreach (var answer in bench.Bookies.InFlight.Where(message => message.IsAnswer).ToList())
                bench.Bookies.Deliver(answer);
        }
        Assert.Equal(new EntryId(Backlog - 1), await appends[^1].WithinReason());
        var next = bench.Append(bytes: 7);
        bench.Bookies.DeliverAll();
        Assert.Equal(new EntryId(Backlog), await next.WithinReason());
        Assert.Equal(Backlog * 3 + 7, bench.Writer.Length);
    }

    [Fact]
    public async Task L23_bytes_under_way_are_bounded_but_one_entry_always_goes()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1", options => options with { MaxPendingAddBytes = 100 });
        var large = bench.Append(bytes: 1000);
        var small = bench.Append(bytes: 60);
        var next = bench.Append(bytes: 41);
        Assert.Equal("b1:0", bench.UnderWay);
        bench.Pass("b1", 0);
        await large.WithinReason();
        Assert.Equal("b1:1", bench.UnderWay);
        bench.Pass("b1");
        await Task.WhenAll(small, next).WithinReason();
    }

    [Fact]
    public async Task L23_bookie_that_does_not_answer_holds_up_no_other_ledger()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2", options => options with { MaxPendingAdds = 3 });
        bench.Selection.Candidates.Reverse();
        var other = await bench.CreateAsync(1, 1, 1);
        var stuck = bench.AppendAll(10);
        for (var i = 0; i < 10; i++)
        {
            var append = other.AppendAsync(new byte[1]);
            bench.Pass("b2");
            Assert.Equal(new EntryId(i), await append.WithinReason());
        }
        Assert.Equal(EntryId.None, bench.Writer.LastAddConfirmed);
        Assert.DoesNotContain(stuck, append => append.IsCompleted);
    }

    [Fact]
    public async Task Entry_beyond_the_frame_is_refused_takes_no_number_and_the_writer_goes_on()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1");
        var limit = Frames.MaxPayload(bench.Services.Options.MaxFrameBytes);
        await bench.Writer.AppendAsync(new byte[limit + 1]).FailsWith(ErrorCode.TooLarge);
        var append = bench.Writer.AppendAsync(new byte[limit]);
        bench.Bookies.DeliverAll();
        Assert.Equal(new EntryId(0), await append.WithinReason());
    }
}
