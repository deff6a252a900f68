namespace Daybook.Testing.Histories.Serializability;

/// <summary>Collects the first anomaly of each class in each list: one bug shows up in thousands of reads.</summary>
internal sealed class AnomalyReport(IReadOnlyList<Operation<ListTransaction, ListTransaction>> transactions)
{
    private readonly List<Anomaly> _anomalies = [];
    private readonly HashSet<(AnomalyKind, string)> _known = [];

    public IReadOnlyList<Anomaly> Anomalies => _anomalies;

    public void Add(AnomalyKind kind, string key, string explanation, params IEnumerable<int> involved)
    {
        if (_known.Add((kind, key)))
            _anomalies.Add(new(kind, key, $"list {key}: {explanation}", [.. involved.Distinct().Select(i => transactions[i])], []));
    }

    public void Add(AnomalyKind kind, IReadOnlyList<Dependency> cycle) =>
        _anomalies.Add(new(kind, null, string.Join(", ", cycle), [.. cycle.Select(d => d.From)], cycle));
}
