using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Reading;
using Daybook.BookKeeper.Recovering;
using Daybook.BookKeeper.Tests.Writing;

namespace Daybook.BookKeeper.Tests.Model;

/// <summary>The published schedule of BookKeeper's issue 2614, replayed with a real writer, a real recovery and a real reader.</summary>
public sealed class Issue2614Tests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task L4_entry_on_one_bookie_is_never_acknowledged_once_a_recovery_that_lost_a_fence_has_closed_the_ledger_empty(bool answersAreLost, bool watchTells)
    {
        var bench = await WriterBench.StartAsync(3, 3, 2, "b1 b2 b3 b4");
        bench.Metadata.TellsOfChanges = watchTells;

        // The writer's add has reached b1, and its answer is on the way.
        var append = bench.Append();
        bench.Reach("b1");

        // The recovery fences b1 and b2; its fence to b3 is lost. b2 and b3 lack the entry, before b1 answers that it has it.
        var recovery = LedgerRecovery.RecoverAsync(bench.Services, bench.Ledger, null, CancellationToken.None).AsTask();
        Lose(bench, "fence -1", "b3");
        Pass(bench, "fence -1", "b1", "b2");
        Pass(bench, "fence 0", "b2", "b3");
        var closed = (await recovery.WithinReason()).Value;
        Assert.Equal((LedgerState.Closed, EntryId.None, 0L), (closed.State, closed.LastEntry, closed.Length));

        // The old writer's add to b3 arrives only now. Had the read not fenced b3, b1 and b3 would be an ack quorum.
        bench.Pass("b1");
        bench.Reach("b3");
        if (answersAreLost)
            bench.Lose("b3");
        bench.Bookies.DeliverAll();

        await append.FailsWith(ErrorCode.LedgerFenced);
        Assert.Equal((EntryId.None, 1), (bench.Writer.LastAddConfirmed, bench.CopiesOf(0, "b1 b2 b3 b4")));
        await bench.Append().FailsWith(ErrorCode.LedgerFenced);
        Assert.Equal("0:b1,b2,b3", bench.Segments);
        var reader = await BookKeeperReader.OpenAsync(
            ReadServices.Of(bench.Services), await bench.Metadata.ReadAndWatchAsync(bench.Ledger), null);
        Assert.Equal((true, EntryId.None), (reader.IsClosed, reader.LastAddConfirmed));
        Assert.False(await reader.WaitAsync(new EntryId(0)));
    }

    private static void Pass(WriterBench bench, string what, params string[] bookies) =>
        bench.Bookies.DeliverWhere(message => message.What == what && bookies.Contains(message.Bookie.Value));

    private static void Lose(WriterBench bench, string what, string bookie) =>
        bench.Bookies.Lose(bench.Bookies.InFlight.Single(message => message.What == what && message.Bookie.Value == bookie));
}
