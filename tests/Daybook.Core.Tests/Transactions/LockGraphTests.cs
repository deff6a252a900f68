using Daybook.Core.Tests.Simulation;

namespace Daybook.Core.Tests.Transactions;

public sealed class LockGraphTests
{
    [Fact]
    public void T10_no_lock_graph_of_a_thousand_is_a_deadlock()
    {
        var count = new SimulationCount();
        var settings = new SimulationSettings(Ordered: true, Reliable: true)
        {
            HasFaults = false, Clients = 10, Intents = 1, Tills = 0, PlainReads = 0,
        };
        for (var seed = 0; seed < 1000; seed++)
            count.Add(Runs.Check(seed, settings));
        // Ten clients, two looks at the end and four tills filled at the start: all are answered, without a retry.
        Assert.Equal(1000 * (10 + 2 + 4), count.Answered);
        Assert.True(count.Transactions > 1000, count.ToString());
    }
}
