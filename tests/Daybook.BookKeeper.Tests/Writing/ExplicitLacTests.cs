using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Writing;

public sealed class ExplicitLacTests
{
    private static readonly TimeSpan s_after = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task L19_quiet_writer_sends_its_lac_once_to_the_bookies_of_that_index()
    {
        var bench = await WriterBench.StartAsync(5, 3, 2, "b0 b1 b2 b3 b4");
        var appends = bench.AppendAll(4);
        bench.Bookies.DeliverAll();
        await Task.WhenAll(appends).WithinReason();
        bench.Time.Advance(s_after);
        Assert.Equal(["write lac 3 at b0", "write lac 3 at b3", "write lac 3 at b4"], bench.Bookies.InFlight.Select(m => m.ToString()).Order());
        bench.Bookies.DeliverAll();
        Assert.Equal(new EntryId(3), bench.Bookies["b0"].ExplicitLacOf(bench.Ledger));

        bench.Time.Advance(10 * s_after);
        Assert.Empty(bench.Bookies.InFlight);
    }

    [Fact]
    public async Task Writer_that_keeps_appending_sends_no_explicit_lac()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1");
        for (var i = 0; i < 10; i++)
        {
            var append = bench.Append();
            bench.Bookies.DeliverAll();
            await append.WithinReason();
            bench.Time.Advance(s_after / 2);
            Assert.Empty(bench.Bookies.InFlight);
        }
        bench.Time.Advance(s_after);
        Assert.Equal("write lac 9 at b1", bench.Bookies.InFlight.Single().ToString());
    }

    [Fact]
    public async Task Lac_that_too_few_bookies_took_is_sent_again_a_few_times_and_a_failure_does_no_harm()
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3");
        var append = bench.Append();
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        for (var i = 0; i < 3; i++)
        {
            bench.Time.Advance(s_after);
            Assert.Equal(3, bench.Bookies.InFlight.Count);
            foreach (var message in bench.Bookies.InFlight.ToList())
                bench.Bookies.Lose(message, BookieStatus.Unreachable);
            await Task.Yield();
        }
        bench.Time.Advance(10 * s_after);
        Assert.Empty(bench.Bookies.InFlight);
        var next = bench.Append();
        bench.Bookies.DeliverAll();
        await next.WithinReason();
        Assert.Empty(bench.Selection.Avoided);
    }

    [Fact]
    public async Task Zero_disables_the_explicit_lac()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1", options => options with { ExplicitLacAfter = TimeSpan.Zero });
        var append = bench.Append();
        bench.Bookies.DeliverAll();
        await append.WithinReason();
        bench.Time.Advance(10 * s_after);
        Assert.Empty(bench.Bookies.InFlight);
    }
}
