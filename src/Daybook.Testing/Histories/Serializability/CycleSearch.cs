namespace Daybook.Testing.Histories.Serializability;

/// <summary>Looks for the worst class of cycle that a graph has, and in it for a small cycle.</summary>
internal sealed class CycleSearch(DependencyGraph graph, IReadOnlyList<Operation<ListTransaction, ListTransaction>> transactions)
{
    private const DependencyKind Writes = DependencyKind.WriteWrite;
    private const DependencyKind Information = Writes | DependencyKind.WriteRead;
    private const DependencyKind Data = Information | DependencyKind.ReadWrite;

    /// <summary>Bounds the time to make evidence smaller in a huge component; whether there is a cycle never depends on it.</summary>
    private const long MaxVisits = 2_000_000;

    /// <summary>The cycle, or null if there is none: data alone first, then with process order, then with real time.</summary>
    public IReadOnlyList<Dependency>? Find()
    {
        if (StronglyConnectedComponents.Of(graph, Data | DependencyKind.RealTime | DependencyKind.Process).Cyclic.Count == 0) return null;
        return Find(DependencyKind.None) ?? Find(DependencyKind.Process) ?? Find(DependencyKind.RealTime);
    }

    public static AnomalyKind Classify(IReadOnlyList<Dependency> cycle) => cycle.Count(d => d.Kind == DependencyKind.ReadWrite) switch
    {
        0 when cycle.All(d => d.Kind != DependencyKind.WriteRead) => AnomalyKind.G0,
        0 => AnomalyKind.G1c,
        1 => AnomalyKind.GSingle,
        _ => AnomalyKind.G2,
    };

    private List<Dependency>? Find(DependencyKind time)
    {
        foreach (var mask in (ReadOnlySpan<DependencyKind>)[Writes | time, Information | time, Data | time])
        {
            var components = StronglyConnectedComponents.Of(graph, mask);
            if (components.Cyclic.Count == 0) continue;
            var paths = new ShortestPath(graph, components);
            var hasReadWrite = (mask & DependencyKind.ReadWrite) != 0;
            return (hasReadWrite ? SmallestWithOneReadWrite(paths, components, mask) : null) ?? Smallest(paths, components, mask);
        }
        return null;
    }

    private List<Dependency>? Smallest(ShortestPath paths, StronglyConnectedComponents components, DependencyKind mask)
    {
        List<Dependency>? best = null;
        foreach (var node in components.Cyclic.SelectMany(c => c).Where(n => !graph.IsRelay(n)))
        {
            if (best is { Count: 2 } || (best is not null && paths.Visits > MaxVisits)) break;
            if (paths.Find(node, node, mask, best?.Count - 1 ?? int.MaxValue) is { } cycle) best = Collapse(cycle);
        }
        return best;
    }

    /// <summary>Here the graph without rw edges has no cycle, so only an rw edge against its order can close one.</summary>
    private List<Dependency>? SmallestWithOneReadWrite(ShortestPath paths, StronglyConnectedComponents components, DependencyKind mask)
    {
        List<Dependency>? best = null;
        var order = TopologicalOrder.Of(graph, mask & ~DependencyKind.ReadWrite, transactions);
        foreach (var edge in components.Cyclic.SelectMany(c => c).SelectMany(EdgesOf))
        {
            if (edge.Kind != DependencyKind.ReadWrite || order[edge.To] > order[edge.From]) continue;
            if (!components.AreTogether(edge.From, edge.To)) continue;
            if (best is { Count: 2 } || paths.Visits > MaxVisits) break;
            var first = graph.IsRelay(edge.To) ? 0 : 1;
            var back = paths.Find(edge.To, edge.From, mask & ~DependencyKind.ReadWrite, best?.Count - 1 - first ?? int.MaxValue, order);
            if (back is not null) best = Collapse([edge, .. back]);
        }
        return best;
    }

    private IEnumerable<DependencyGraph.Edge> EdgesOf(int node)
    {
        for (var index = graph.FirstEdge(node); index < graph.EndOfEdges(node); index++) yield return graph[index];
    }

    /// <summary>Joins the edges into relays with those that continue them.</summary>
    private List<Dependency> Collapse(List<DependencyGraph.Edge> cycle)
    {
        var result = new List<Dependency>();
        var start = cycle[0];
        foreach (var edge in cycle)
        {
            if (edge.Kind != DependencyKind.None) start = edge;
            if (!graph.IsRelay(edge.To)) result.Add(new(transactions[start.From], transactions[edge.To], start.Kind, start.Key));
        }
        return result;
    }
}
