using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Linearizability;

namespace Daybook.Testing.Tests.Histories.Linearizability;

/// <summary>The checker against a search through all orders, on small random histories that are right about as often as wrong.</summary>
public class LinearizabilityOracleTests
{
    private static readonly RegisterModel Model = new();

    [Fact]
    public void The_checker_agrees_with_an_exhaustive_search_on_small_histories()
    {
        var counts = new int[2];
        for (var seed = 0; seed < 10_000; seed++)
        {
            var history = RandomHistory(new Random(seed));
            var expected = ExistsOrder([.. history.Operations.Where(o => o.Completion != Completion.Fail)], null);
            var result = LinearizabilityChecker.Check(history, Model);
            Assert.True(expected == (result.Verdict == LinearizabilityVerdict.Linearizable), $"seed {seed}: {result}\n{string.Join('\n', history.Operations)}");
            counts[expected ? 1 : 0]++;
        }
        Assert.All(counts, count => Assert.True(count > 1_000, $"{counts[0]} wrong and {counts[1]} right histories: too one-sided"));
    }

    private static bool ExistsOrder(List<Operation<RegisterCall, RegisterReturn>> left, long? state) =>
        left.All(o => o.Completion == Completion.Info)
        || left.Any(next => !left.Any(o => o.Precedes(next)) && Fits(next, state, out var after) && ExistsOrder([.. left.Where(o => o != next)], after));

    private static bool Fits(Operation<RegisterCall, RegisterReturn> operation, long? state, out long? after)
    {
        (after, var answer) = Model.Apply(state, operation.Call);
        return operation.Completion == Completion.Info || answer == operation.Return;
    }

    private static History<RegisterCall, RegisterReturn> RandomHistory(Random random)
    {
        var operations = Enumerable.Range(0, random.Next(1, 7)).Select(_ => RandomOperation(random)).ToList();
        return new History<RegisterCall, RegisterReturn>(operations.Select((o, i) => o with { Index = i, Process = new(i) }));
    }

    private static Operation<RegisterCall, RegisterReturn> RandomOperation(Random random)
    {
        var (invoked, length) = (random.Next(30), random.Next(1, 15));
        var outcome = random.Next(8) switch { 0 => Completion.Info, 1 => Completion.Fail, _ => Completion.Ok };
        var (call, answer) = random.Next(3) switch
        {
            0 => (RegisterCall.Write("", random.Next(2)), RegisterReturn.Written),
            1 => (RegisterCall.Read(""), RegisterReturn.Read(random.Next(3) is var v and < 2 ? v : null)),
            _ => (RegisterCall.CompareAndSet("", random.Next(2), random.Next(2)), RegisterReturn.CompareAndSet(random.Next(2) == 0)),
        };
        var completed = outcome == Completion.Info ? LogicalTime.Never : new LogicalTime(invoked + length);
        return new(0, default, call, outcome, answer, new(invoked), completed);
    }
}
