namespace Daybook.Testing.Histories.Serializability;

/// <summary>Sorts a history by list.</summary>
internal static class ListLogs
{
    /// <exception cref="ArgumentException">A value is appended twice to a list, or a completed transaction lacks the answer of a
    /// read.</exception>
    public static IReadOnlyCollection<ListLog> Of(IReadOnlyList<Operation<ListTransaction, ListTransaction>> transactions)
    {
        var logs = new Dictionary<string, ListLog>();
        foreach (var transaction in transactions)
        {
            AddAppends(logs, transaction);
            if (transaction.Completion == Completion.Ok) AddReads(logs, transaction);
        }
        return logs.Values;
    }

    private static void AddAppends(Dictionary<string, ListLog> logs, Operation<ListTransaction, ListTransaction> transaction)
    {
        var operations = transaction.Call.Operations;
        var later = new HashSet<string>();
        for (var i = operations.Count - 1; i >= 0; i--)
        {
            var key = operations[i].Key;
            if (operations[i].Appended is { } value) LogOf(logs, key).Add(value, new(transaction.Index, IsLast: later.Add(key)));
        }
    }

    private static void AddReads(Dictionary<string, ListLog> logs, Operation<ListTransaction, ListTransaction> transaction)
    {
        var own = new Dictionary<string, int>();
        var read = new HashSet<string>();
        foreach (var operation in transaction.Return?.Operations ?? throw new ArgumentException($"{transaction} lacks its answer."))
        {
            if (!operation.IsRead)
            {
                own[operation.Key] = own.GetValueOrDefault(operation.Key) + 1;
                continue;
            }
            var seen = operation.Seen ?? throw new ArgumentException($"{transaction} lacks the answer of a read.");
            int? ownBefore = read.Add(operation.Key) ? own.GetValueOrDefault(operation.Key) : null;
            LogOf(logs, operation.Key).Add(new(transaction.Index, seen, ownBefore));
        }
    }

    private static ListLog LogOf(Dictionary<string, ListLog> logs, string key) =>
        logs.TryGetValue(key, out var log) ? log : logs[key] = new ListLog(key);
}
