namespace Daybook.Testing.Histories.Serializability;

/// <summary>Breadth-first search inside a component; steps into relays cost nothing. Keeps its memory from search to search.</summary>
internal sealed class ShortestPath(DependencyGraph graph, StronglyConnectedComponents components)
{
    private readonly int[] _searchOf = new int[graph.Nodes];
    private readonly int[] _edgeInto = new int[graph.Nodes];
    private readonly List<int> _level = [];
    private readonly List<int> _nextLevel = [];
    private int _search;

    /// <summary>The nodes looked at by all searches so far.</summary>
    public long Visits { get; private set; }

    /// <summary>
    /// The edges of the shortest path of one edge or more, over the kinds in the mask; null if there is none of at most
    /// <paramref name="maxLength"/> transactions after the first node.
    /// </summary>
    /// <param name="from">The first node.</param>
    /// <param name="to">The last node, a transaction; it may be the first one again.</param>
    /// <param name="mask">The kinds of edges to follow.</param>
    /// <param name="maxLength">The number of transactions.</param>
    /// <param name="order">If not null, a topological order for the mask: nodes placed behind the last one cannot lead to it.</param>
    public List<DependencyGraph.Edge>? Find(int from, int to, DependencyKind mask, int maxLength, int[]? order = null)
    {
        _search++;
        _nextLevel.Clear();
        _nextLevel.Add(from);
        for (var length = 1; length <= maxLength && _nextLevel.Count > 0; length++)
        {
            _level.Clear();
            _level.AddRange(_nextLevel);
            _nextLevel.Clear();
            for (var i = 0; i < _level.Count; i++)
            {
                if (Expand(_level[i], to, mask, order)) return PathTo(from, to);
            }
        }
        return null;
    }

    private bool Expand(int node, int to, DependencyKind mask, int[]? order)
    {
        Visits++;
        for (var index = graph.FirstEdge(node); index < graph.EndOfEdges(node); index++)
        {
            ref readonly var edge = ref graph[index];
            if (!edge.IsIn(mask) || _searchOf[edge.To] == _search || !components.AreTogether(node, edge.To)) continue;
            if (order is not null && order[edge.To] > order[to]) continue;
            _searchOf[edge.To] = _search;
            _edgeInto[edge.To] = index;
            if (edge.To == to) return true;
            (graph.IsRelay(edge.To) ? _level : _nextLevel).Add(edge.To);
        }
        return false;
    }

    private List<DependencyGraph.Edge> PathTo(int from, int to)
    {
        var path = new List<DependencyGraph.Edge>();
        do
        {
            path.Add(graph[_edgeInto[to]]);
            to = path[^1].From;
        }
        while (to != from);
        path.Reverse();
        return path;
    }
}
