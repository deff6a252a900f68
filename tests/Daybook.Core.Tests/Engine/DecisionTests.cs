namespace Daybook.Core.Tests.Engine;

public class DecisionTests
{
    [Fact]
    public void Emitting_all_keeps_the_order()
    {
        var decision = Decision.EmitAll(["a", "b", "c"]).And("d");
        Assert.Equal(["a", "b", "c", "d"], Enumerable.Range(0, decision.Count).Select(i => decision[i].Event));
    }

    [Fact]
    public void Emitting_no_event_is_nothing() => Assert.Same(Decision.Nothing, Decision.EmitAll([]));
}
