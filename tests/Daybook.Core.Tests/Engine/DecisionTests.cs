namespace Daybook.Core.Tests.Engine;

public class DecisionTests
{
    [Fact]
    public void Emitting_all_keeps_the_order()
    {
        var decision = Decision.EmitAll(["a", "b", "c"]).And("d");
        Assert.Equal(["a", "b", "c", "d"], Events(decision));
    }

    [Fact]
    public void Emitting_no_event_is_nothing() => Assert.Same(Decision.Nothing, Decision.EmitAll([]));

    [Fact]
    public void Decisions_that_go_on_from_one_do_not_see_each_others_events()
    {
        var stem = Decision.Emit("a").And("b");
        var (left, right) = (stem.And("left"), stem.And("right"));
        Assert.Equal(["a", "b"], Events(stem));
        Assert.Equal(["a", "b", "left", "more"], Events(left.And("more")));
        Assert.Equal(["a", "b", "right"], Events(right));
    }

    [Fact]
    public void Long_chain_allocates_in_proportion_to_its_length()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decision = Decision.Nothing;
        for (var i = 0; i < 20_000; i++)
            decision = decision.And("key", "event");
        Assert.Equal(20_000, decision.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000 * 200);
    }

    [Fact]
    public void Null_event_or_key_and_an_index_outside_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Decision.Emit(null!));
        Assert.Throws<ArgumentNullException>(() => Decision.Emit(null!, "event"));
        Assert.Throws<ArgumentNullException>(() => Decision.Nothing.And("key", null!));
        Assert.Throws<ArgumentNullException>(() => Decision.EmitAll(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => Decision.Nothing[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Decision.Emit("a").And("b")[2]);
    }

    [Fact]
    public void Reason_is_the_one_that_a_retry_reads_back() => Assert.Equal(("a\ufffd", "b\ufffd"), (Decision.Reject("a\ud800", "b\udc00") is var d ? d.Reason : null, d.Detail));

    private static IEnumerable<object> Events(Decision decision) => Enumerable.Range(0, decision.Count).Select(i => decision[i].Event);
}
