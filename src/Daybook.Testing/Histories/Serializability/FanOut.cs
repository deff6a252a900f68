namespace Daybook.Testing.Histories.Serializability;

/// <summary>
/// "Before all of these members, but not before itself": a chain of relays that reaches the members up to a place, and one that reaches
/// those from a place on, so that a member connects to everyone beside itself.
/// </summary>
internal sealed class FanOut
{
    private readonly DependencyGraph _graph;
    private readonly Dictionary<int, int> _places = [];
    private readonly int[] _upTo;
    private readonly int[] _from;

    public FanOut(DependencyGraph graph, IEnumerable<int> members)
    {
        _graph = graph;
        int[] distinct = [.. members.Distinct()];
        _upTo = new int[distinct.Length];
        _from = new int[distinct.Length];
        for (var i = 0; i < distinct.Length; i++)
        {
            _places.Add(distinct[i], i);
            graph.Continue(_upTo[i] = graph.AddRelay(), distinct[i]);
            graph.Continue(_from[i] = graph.AddRelay(), distinct[i]);
            if (i == 0) continue;
            graph.Continue(_upTo[i], _upTo[i - 1]);
            graph.Continue(_from[i - 1], _from[i]);
        }
    }

    public void Connect(int from, DependencyKind kind, string key)
    {
        if (!_places.TryGetValue(from, out var place)) place = _upTo.Length;
        if (place > 0) _graph.Add(from, _upTo[place - 1], kind, key);
        if (place < _from.Length - 1) _graph.Add(from, _from[place + 1], kind, key);
    }
}
