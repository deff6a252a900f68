using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Serializability;

namespace Daybook.Testing.Tests.Histories.Serializability;

/// <summary>The checker against a search through all orders, on small random histories that are right about as often as wrong.</summary>
public class SerializabilityOracleTests
{
    [Fact]
    public void The_checker_agrees_with_an_exhaustive_search_on_small_histories()
    {
        var counts = new int[2];
        for (var seed = 0; seed < 10_000; seed++)
        {
            var history = SmallHistories.Random(new Random(seed));
            var expected = ExistsOrder([.. history.Operations.Where(o => o.Completion != Completion.Fail)], new Lists());
            var result = StrictSerializabilityChecker.Check(history);
            Assert.True(expected == result.IsStrictlySerializable, $"seed {seed}: expected {expected}, {result}\n{string.Join('\n', history.Operations)}");
            counts[expected ? 1 : 0]++;
        }
        Assert.All(counts, count => Assert.True(count > 2_000, $"{counts[0]} wrong and {counts[1]} right histories: too one-sided"));
    }

    private static bool ExistsOrder(List<Operation<ListTransaction, ListTransaction>> left, Lists lists) =>
        left.All(o => o.Completion == Completion.Info)
        || left.Any(next => !left.Any(o => o.Precedes(next)) && lists.Run(next) is { } after && ExistsOrder([.. left.Where(o => o != next)], after));

    /// <summary>The sequential specification, written apart from the checker.</summary>
    private sealed class Lists
    {
        private readonly Dictionary<string, List<long>> _lists = [];

        /// <summary>The lists after the transaction; null if it did not see what is here.</summary>
        public Lists? Run(Operation<ListTransaction, ListTransaction> transaction)
        {
            var after = new Lists();
            foreach (var (key, values) in _lists) after._lists[key] = [.. values];
            foreach (var operation in (transaction.Return ?? transaction.Call).Operations)
            {
                if (!after._lists.TryGetValue(operation.Key, out var list)) after._lists[operation.Key] = list = [];
                if (operation.Appended is { } value) list.Add(value);
                else if (operation.Seen is { } seen && !seen.SequenceEqual(list)) return null;
            }
            return after;
        }
    }
}
