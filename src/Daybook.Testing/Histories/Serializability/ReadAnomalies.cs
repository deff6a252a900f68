namespace Daybook.Testing.Histories.Serializability;

/// <summary>What the reads of one list show to be wrong by themselves, without any order of transactions.</summary>
internal sealed class ReadAnomalies(
    ListLog log, IReadOnlyList<Operation<ListTransaction, ListTransaction>> transactions, AnomalyReport report)
{
    /// <summary>Reports the anomalies; calls <paramref name="seen"/> for each transaction whose append was seen.</summary>
    public void Check(Action<int> seen)
    {
        if (log.OrderReader >= 0) CheckElements(new(log.OrderReader, log.Order, null), seen);
        foreach (var read in log.Reads)
        {
            CheckEnd(read);
            if (log.IsPrefixOfOrder(read)) continue;
            var place = read.Seen.AsSpan().CommonPrefixLength(log.Order.AsSpan());
            report.Add(AnomalyKind.IncompatibleOrder, log.Key,
                $"two reads differ at place {place}: {read.Seen[place]} and {log.Order[place]}", read.Transaction, log.OrderReader);
            CheckElements(read, seen);
        }
    }

    private void CheckElements(ListRead read, Action<int> seen)
    {
        var met = new HashSet<long>();
        foreach (var value in read.Seen)
        {
            if (!met.Add(value)) report.Add(AnomalyKind.DuplicateElements, log.Key, $"{value} is there twice", read.Transaction);
            if (!log.Appends.TryGetValue(value, out var append))
            {
                report.Add(AnomalyKind.GarbageRead, log.Key, $"nobody appended {value}", read.Transaction);
                continue;
            }
            seen(append.Transaction);
            if (transactions[append.Transaction].Completion == Completion.Fail)
                report.Add(AnomalyKind.G1a, log.Key, $"{value} was appended by a failed transaction", append.Transaction, read.Transaction);
        }
    }

    private void CheckEnd(ListRead read)
    {
        if (read.Seen is not [.., var last] || !log.Appends.TryGetValue(last, out var append)) return;
        if (!append.IsLast && append.Transaction != read.Transaction)
            report.Add(AnomalyKind.G1b, log.Key,
                $"{last} is not the last that its transaction appended", append.Transaction, read.Transaction);
    }
}
