using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Serializability;
using Daybook.Testing.Tests.Histories.Simulation;

namespace Daybook.Testing.Tests.Histories.Serializability;

/// <summary>The checker has to find each bug seeded in a simulated store, and nothing in the store without one.</summary>
public class SeededListBugTests
{
    private const int Seeds = 100;

    [Fact]
    public void No_history_of_a_right_store_is_rejected()
    {
        for (var seed = 0; seed < 5 * Seeds; seed++)
        {
            var history = new ListWorkload(seed, ListFault.None, clients: 2 + seed % 9, keys: 1 + seed % 5).Run();
            var result = StrictSerializabilityChecker.Check(history);
            Assert.True(result.IsStrictlySerializable, $"seed {seed}: {result}");
        }
    }

    [Fact]
    public void A_hundred_thousand_transactions_are_checked_and_one_wrong_read_among_them_is_found()
    {
        var right = new ListWorkload(1, ListFault.None, clients: 10, transactionsEach: 10_000, keys: 2_000).Run();
        Assert.True(StrictSerializabilityChecker.Check(right).IsStrictlySerializable);
        var read = new ListTransaction(ListOperation.Read("k0", []));
        var end = right.Operations[^1].Completed.Tick;
        var stale = new Operation<ListTransaction, ListTransaction>(0, new(int.MaxValue), read, Completion.Ok, read, new(end + 1), new(end + 2));
        var anomaly = Assert.Single(StrictSerializabilityChecker.Check(new([.. right.Operations, stale])).Anomalies);
        Assert.Equal("G-single-realtime", anomaly.Name);
        Assert.Equal(2, anomaly.Cycle.Count);
    }

    [Theory]
    [InlineData(ListFault.LostUpdate, "IncompatibleOrder")]
    [InlineData(ListFault.StaleRead, "G-single-process")]
    [InlineData(ListFault.DirtyRead, "G1a")]
    [InlineData(ListFault.DoubleAppend, "DuplicateElements")]
    [InlineData(ListFault.WriteSkew, "G2")]
    [InlineData(ListFault.ReadSkew, "G-single")]
    [InlineData(ListFault.TornCommit, "G-single")]
    [InlineData(ListFault.EarlyReply, "G0-realtime")]
    [InlineData(ListFault.LostLeg, "G0")]
    [InlineData(ListFault.LostCommit, "G-single")]
    public void Each_seeded_bug_is_found(ListFault fault, string typical)
    {
        var results = Enumerable.Range(0, Seeds).Select(seed => StrictSerializabilityChecker.Check(new ListWorkload(seed, fault).Run())).ToList();
        var found = results.Count(r => !r.IsStrictlySerializable);
        Assert.True(found > Seeds / 2, $"{fault} found in {found} of {Seeds} histories");
        Assert.Contains(results, r => r.Anomalies.Any(a => a.Name == typical));
    }
}
