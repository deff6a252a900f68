namespace Daybook.Testing.Histories.Serializability;

/// <summary>
/// Decides whether a history of transactions on append-only lists could come from a system that does one transaction at a time, each
/// between
/// its invocation and its completion. A list shows the order of its versions, so the order of transactions follows from the reads, and the
/// history is strictly serializable if and only if that order has no cycle (Kingsbury and Alvaro, "Elle", 2020). Time and memory grow
/// with the operations and the values read.
/// </summary>
public static class StrictSerializabilityChecker
{
    /// <summary>
    /// Checks a history. Failed transactions did not happen. One with an unknown outcome counts as committed from its invocation on if a
    /// read shows
    /// any of its appends, and as not committed otherwise.
    /// </summary>
    /// <exception cref="ArgumentException">A value is appended to the same list twice, or a completed transaction lacks the answer of a
    /// read.</exception>
    public static SerializabilityResult Check(History<ListTransaction, ListTransaction> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var transactions = history.Operations;
        var logs = ListLogs.Of(transactions);
        var report = new AnomalyReport(transactions);
        foreach (var transaction in transactions.Where(t => t.Completion == Completion.Ok)) InternalConsistency.Check(transaction, report);
        var seen = new bool[transactions.Count];
        foreach (var log in logs) new ReadAnomalies(log, transactions, report).Check(writer => seen[writer] = true);
        var committed = transactions.Where(t => t.Completion == Completion.Ok
            || (t.Completion == Completion.Info && seen[t.Index])).ToList();
        CheckTorn(committed, logs.ToDictionary(l => l.Key), report);
        var graph = BuildGraph(transactions.Count, logs, committed);
        if (new CycleSearch(graph, transactions).Find() is { } cycle) report.Add(CycleSearch.Classify(cycle), cycle);
        return new SerializabilityResult(report.Anomalies);
    }

    private static void CheckTorn(
        List<Operation<ListTransaction, ListTransaction>> committed, Dictionary<string, ListLog> logs, AnomalyReport report)
    {
        foreach (var transaction in committed)
        {
            foreach (var appends in transaction.Call.Operations.Where(o => !o.IsRead).GroupBy(o => o.Key))
            {
                var places = appends.Select(o => logs[appends.Key].PositionOf(o.Appended!.Value) ?? int.MaxValue).ToList();
                if (places.Zip(places.Skip(1)).Any(p => p.First > p.Second))
                    report.Add(AnomalyKind.TornTransaction, appends.Key,
                        "a later append of a transaction is there before or without an earlier one", transaction.Index);
            }
        }
    }

    private static DependencyGraph BuildGraph(
        int count, IReadOnlyCollection<ListLog> logs, List<Operation<ListTransaction, ListTransaction>> committed)
    {
        var graph = new DependencyGraph(count);
        var isCommitted = new bool[count];
        foreach (var transaction in committed) isCommitted[transaction.Index] = true;
        foreach (var log in logs) new ListDependencies(graph, log, isCommitted).AddAll();
        TimeDependencies.AddProcessOrder(graph, committed);
        TimeDependencies.AddRealTimeOrder(graph, committed);
        graph.Freeze();
        return graph;
    }
}
