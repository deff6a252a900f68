using Daybook.Core.Tests.Transactions;

namespace Daybook.Core.Tests.Partitions;

public sealed class TwoOwnersTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void J3_of_two_owners_that_both_believe_only_the_later_is_acknowledged(bool ordered)
    {
        var script = new Script(ordered);
        var list = script.List(0);
        var old = script.Owner(0);
        var inFlight = script.Send(list);
        script.TakeOver(0);
        var late = script.SendTo(old, list);
        var current = script.Send(list);
        script.Flush(0);
        Assert.IsType<Outcome.Accepted>(Script.OutcomeOf(current));
        Assert.False(Script.IsAccepted(late));
        Assert.NotNull(old.Failure);

        // An event in flight at the takeover may be lost, but only if it was not acknowledged.
        script.Book.Rest();
        var values = script.ValuesOf(list);
        Assert.InRange(values.Length, 1, 2);
        if (Script.IsAccepted(inFlight))
            Assert.Equal(2, values.Length);
    }
}
