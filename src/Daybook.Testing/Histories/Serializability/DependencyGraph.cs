namespace Daybook.Testing.Histories.Serializability;

/// <summary>
/// A multigraph of transactions. Beside them there are relay nodes, which stand for "everything behind this point", so that n × m edges of
/// one
/// kind need n + m: an edge into a relay has a kind, the edges on from it have none and continue it.
/// </summary>
internal sealed class DependencyGraph(int transactions)
{
    private readonly List<Edge> _edges = [];
    private int[] _starts = [];
    private Edge[] _ordered = [];
    private int _relays;

    public int Nodes => transactions + _relays;

    public bool IsRelay(int node) => node >= transactions;

    public int AddRelay() => transactions + _relays++;

    /// <summary>Adds an edge; one from a node to itself carries no information and is left out.</summary>
    public void Add(int from, int to, DependencyKind kind, string? key = null)
    {
        if (from != to) _edges.Add(new(from, to, kind, key));
    }

    /// <summary>Adds an edge that continues those into the relay <paramref name="from"/>.</summary>
    public void Continue(int from, int to) => Add(from, to, DependencyKind.None);

    /// <summary>Puts the edges in order by counting; to be called once after the last was added.</summary>
    public void Freeze()
    {
        _starts = new int[Nodes + 1];
        foreach (var edge in _edges) _starts[edge.From + 1]++;
        for (var node = 0; node < Nodes; node++) _starts[node + 1] += _starts[node];
        var next = _starts.AsSpan(0, Nodes).ToArray();
        _ordered = new Edge[_edges.Count];
        foreach (var edge in _edges) _ordered[next[edge.From]++] = edge;
    }

    public int FirstEdge(int node) => _starts[node];

    public int EndOfEdges(int node) => _starts[node + 1];

    public ref readonly Edge this[int index] => ref _ordered[index];

    internal readonly record struct Edge(int From, int To, DependencyKind Kind, string? Key)
    {
        public bool IsIn(DependencyKind mask) => Kind == DependencyKind.None || (Kind & mask) != 0;
    }
}
