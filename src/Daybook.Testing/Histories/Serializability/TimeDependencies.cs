namespace Daybook.Testing.Histories.Serializability;

/// <summary>The process and real-time edges between committed transactions. One with an unknown outcome comes before nobody.</summary>
internal static class TimeDependencies
{
    public static void AddProcessOrder(DependencyGraph graph, IEnumerable<Operation<ListTransaction, ListTransaction>> committed)
    {
        var latest = new Dictionary<ProcessId, Operation<ListTransaction, ListTransaction>>();
        foreach (var transaction in committed)
        {
            if (latest.TryGetValue(transaction.Process, out var before) && before.Precedes(transaction))
                graph.Add(before.Index, transaction.Index, DependencyKind.Process);
            if (transaction.Completion == Completion.Ok) latest[transaction.Process] = transaction;
        }
    }

    /// <summary>
    /// A relay for each completion, in order: a transaction goes into its own and comes out of the last before its invocation.
    /// </summary>
    public static void AddRealTimeOrder(DependencyGraph graph, IReadOnlyCollection<Operation<ListTransaction, ListTransaction>> committed)
    {
        var completed = committed.Where(t => t.Completion == Completion.Ok).OrderBy(t => t.Completed).ToList();
        var (passed, relay) = (0, -1);
        foreach (var transaction in committed)
        {
            for (; passed < completed.Count && completed[passed].Precedes(transaction); passed++)
            {
                var previous = relay;
                relay = graph.AddRelay();
                graph.Add(completed[passed].Index, relay, DependencyKind.RealTime);
                if (previous >= 0) graph.Continue(previous, relay);
            }
            if (relay >= 0) graph.Continue(relay, transaction.Index);
        }
    }
}
