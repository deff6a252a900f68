namespace Daybook.Testing.Histories.Serializability;

/// <summary>
/// Tarjan's algorithm without recursion, over the edges of some kinds. A node lies on a cycle if and only if its component has others.
/// </summary>
internal sealed class StronglyConnectedComponents
{
    private readonly DependencyGraph _graph;
    private readonly DependencyKind _mask;
    private readonly int[] _order;
    private readonly int[] _low;
    private readonly int[] _nextEdge;
    private readonly int[] _component;
    private readonly Stack<int> _path = new();
    private readonly Stack<int> _open = new();
    private readonly List<int[]> _cyclic = [];
    private int _visited;
    private int _components;

    private StronglyConnectedComponents(DependencyGraph graph, DependencyKind mask)
    {
        (_graph, _mask) = (graph, mask);
        _order = new int[graph.Nodes];
        _low = new int[graph.Nodes];
        _nextEdge = new int[graph.Nodes];
        _component = new int[graph.Nodes];
    }

    /// <summary>The components of more than one node, smallest first.</summary>
    public IReadOnlyList<int[]> Cyclic => _cyclic;

    public bool AreTogether(int a, int b) => _component[a] == _component[b];

    public static StronglyConnectedComponents Of(DependencyGraph graph, DependencyKind mask)
    {
        var result = new StronglyConnectedComponents(graph, mask);
        for (var node = 0; node < graph.Nodes; node++)
        {
            if (result._order[node] == 0) result.VisitFrom(node);
        }
        result._cyclic.Sort((a, b) => a.Length.CompareTo(b.Length));
        return result;
    }

    private void VisitFrom(int root)
    {
        Enter(root);
        while (_path.TryPeek(out var node))
        {
            if (_nextEdge[node] < _graph.EndOfEdges(node)) Follow(node, in _graph[_nextEdge[node]++]);
            else Leave();
        }
    }

    private void Enter(int node)
    {
        _order[node] = _low[node] = ++_visited;
        _nextEdge[node] = _graph.FirstEdge(node);
        _path.Push(node);
        _open.Push(node);
    }

    private void Follow(int node, in DependencyGraph.Edge edge)
    {
        if (!edge.IsIn(_mask)) return;
        if (_order[edge.To] == 0) Enter(edge.To);
        else if (_component[edge.To] == 0) _low[node] = Math.Min(_low[node], _order[edge.To]);
    }

    private void Leave()
    {
        var node = _path.Pop();
        if (_path.TryPeek(out var parent)) _low[parent] = Math.Min(_low[parent], _low[node]);
        if (_low[node] == _order[node]) CloseComponent(node);
    }

    private void CloseComponent(int root)
    {
        _components++;
        var members = new List<int>();
        int member;
        do
        {
            member = _open.Pop();
            _component[member] = _components;
            members.Add(member);
        }
        while (member != root);
        if (members.Count > 1) _cyclic.Add([.. members]);
    }
}
