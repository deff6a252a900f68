namespace Daybook.Testing.Histories.Serializability;

/// <summary>The ww, wr and rw edges that one list shows between committed transactions.</summary>
internal sealed class ListDependencies
{
    private readonly DependencyGraph _graph;
    private readonly ListLog _log;
    private readonly bool[] _committed;
    private readonly int?[] _nextWriter;
    private readonly FanOut _unseen;

    public ListDependencies(DependencyGraph graph, ListLog log, bool[] committed)
    {
        (_graph, _log, _committed) = (graph, log, committed);
        _nextWriter = new int?[log.Order.Length + 1];
        for (var i = log.Order.Length - 1; i >= 0; i--) _nextWriter[i] = WriterOf(log.Order[i]) ?? _nextWriter[i + 1];
        var unseen = log.Appends.Where(a => committed[a.Value.Transaction] && log.PositionOf(a.Key) is null);
        _unseen = new FanOut(graph, unseen.Select(a => a.Value.Transaction));
    }

    public void AddAll()
    {
        AddWriteWrite();
        foreach (var read in _log.Reads)
        {
            if (read.Own is { } own && own <= read.Seen.Length && _log.IsPrefixOfOrder(read))
                AddRead(read.Transaction, read.Seen.Length - own);
        }
    }

    private void AddWriteWrite()
    {
        int? previous = null;
        foreach (var value in _log.Order)
        {
            if (WriterOf(value) is not { } writer) continue;
            if (previous is { } before) _graph.Add(before, writer, DependencyKind.WriteWrite, _log.Key);
            previous = writer;
        }
        if (previous is { } last) _unseen.Connect(last, DependencyKind.WriteWrite, _log.Key);
    }

    private void AddRead(int reader, int version)
    {
        if (version > 0 && WriterOf(_log.Order[version - 1]) is { } writer) _graph.Add(writer, reader, DependencyKind.WriteRead, _log.Key);
        if (_nextWriter[version] is { } next) _graph.Add(reader, next, DependencyKind.ReadWrite, _log.Key);
        else _unseen.Connect(reader, DependencyKind.ReadWrite, _log.Key);
    }

    private int? WriterOf(long value) =>
        _log.Appends.TryGetValue(value, out var append) && _committed[append.Transaction] ? append.Transaction : null;
}
