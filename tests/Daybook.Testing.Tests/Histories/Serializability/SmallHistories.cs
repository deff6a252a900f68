using Daybook.Testing.Histories;
using Daybook.Testing.Histories.Serializability;

namespace Daybook.Testing.Tests.Histories.Serializability;

/// <summary>
/// Histories of at most six transactions on two lists: done one after the other, then bent at random, in their times, their outcomes and in
/// what they saw.
/// </summary>
internal static class SmallHistories
{
    public static History<ListTransaction, ListTransaction> Random(Random random)
    {
        var (lists, nextValue) = (new[] { new List<long>(), new List<long>() }, 1L);
        var count = random.Next(1, 7);
        var spread = random.Next(1, 40);
        return new(Enumerable.Range(0, count).Select(i =>
        {
            var answer = Transaction(random, lists, ref nextValue);
            var call = new ListTransaction(answer.Operations.Select(o => o.IsRead ? ListOperation.Read(o.Key) : o));
            var completion = random.Next(10) switch { 0 => Completion.Info, 1 => Completion.Fail, _ => Completion.Ok };
            var invoked = 10 * i + random.Next(spread);
            var completed = completion == Completion.Info ? LogicalTime.Never : new LogicalTime(invoked + random.Next(1, spread + 2));
            return new Operation<ListTransaction, ListTransaction>(
                i, new(random.Next(3)), call, completion, completion == Completion.Ok ? answer : null, new(invoked), completed);
        }).ToList());
    }

    private static ListTransaction Transaction(Random random, List<long>[] lists, ref long nextValue)
    {
        var operations = new ListOperation[random.Next(1, 4)];
        for (var i = 0; i < operations.Length; i++) operations[i] = Step(random, lists, ref nextValue);
        return new ListTransaction(operations);
    }

    private static ListOperation Step(Random random, List<long>[] lists, ref long nextValue)
    {
        var which = random.Next(2);
        var (key, list) = (which == 0 ? "x" : "y", lists[which]);
        if (random.Next(2) == 0) return Bent(random, ListOperation.Read(key, list), nextValue);
        var value = nextValue++;
        list.Insert(random.Next(12) == 0 ? random.Next(list.Count + 1) : list.Count, value);
        if (random.Next(25) == 0) list.Remove(value);
        return ListOperation.Append(key, value);
    }

    private static ListOperation Bent(Random random, ListOperation read, long nextValue)
    {
        var seen = read.Seen!.Value;
        return ListOperation.Read(read.Key, random.Next(20) switch
        {
            0 when seen.Length > 0 => seen[..^1],
            1 when seen.Length > 0 => seen.RemoveAt(random.Next(seen.Length)),
            2 when seen.Length > 0 => seen.Add(seen[0]),
            3 => seen.Add(nextValue),
            _ => seen,
        });
    }
}
