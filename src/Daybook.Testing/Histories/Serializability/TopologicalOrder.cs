namespace Daybook.Testing.Histories.Serializability;

/// <summary>An order of an acyclic graph's nodes that follows its edges, and where they leave a choice, the time of completion.</summary>
internal static class TopologicalOrder
{
    /// <summary>The place of each node, by Kahn's algorithm. The edges of the mask must have no cycle.</summary>
    public static int[] Of(
        DependencyGraph graph, DependencyKind mask, IReadOnlyList<Operation<ListTransaction, ListTransaction>> transactions)
    {
        var waitsFor = new int[graph.Nodes];
        for (var node = 0; node < graph.Nodes; node++) Visit(graph, mask, node, next => waitsFor[next]++);
        var ready = new PriorityQueue<int, LogicalTime>();
        void MakeReady(int node) => ready.Enqueue(node, graph.IsRelay(node) ? default : TimeOf(transactions[node]));
        for (var node = 0; node < graph.Nodes; node++)
        {
            if (waitsFor[node] == 0) MakeReady(node);
        }
        var places = new int[graph.Nodes];
        for (var place = 0; ready.TryDequeue(out var node, out _); place++)
        {
            places[node] = place;
            Visit(graph, mask, node, next =>
            {
                if (--waitsFor[next] == 0) MakeReady(next);
            });
        }
        return places;
    }

    private static void Visit(DependencyGraph graph, DependencyKind mask, int node, Action<int> next)
    {
        for (var index = graph.FirstEdge(node); index < graph.EndOfEdges(node); index++)
        {
            if (graph[index].IsIn(mask)) next(graph[index].To);
        }
    }

    private static LogicalTime TimeOf(Operation<ListTransaction, ListTransaction> transaction) =>
        transaction.Completed == LogicalTime.Never ? transaction.Invoked : transaction.Completed;
}
