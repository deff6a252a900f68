namespace Daybook.ZooKeeper.Watches;

/// <summary>Requests for watches that were written and are not answered, in the order of one connection.</summary>
internal sealed class WatchesInFlight
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Path, bool? Recursive), int> _counts = [];

    /// <summary>Somebody asks for a watch.</summary>
    /// <param name="path">The node.</param>
    /// <param name="recursive">Of what kind a lasting one is; null for a one-shot.</param>
    public void Asked(string path, bool? recursive)
    {
        lock (_lock)
            _counts[(path, recursive)] = _counts.GetValueOrDefault((path, recursive)) + 1;
    }

    public void Answered(string path, bool? recursive)
    {
        lock (_lock)
        {
            if (_counts.TryGetValue((path, recursive), out var count) && count > 1)
                _counts[(path, recursive)] = count - 1;
            else
                _counts.Remove((path, recursive));
        }
    }

    public bool Any(string path)
    {
        lock (_lock)
            return _counts.ContainsKey((path, null)) || _counts.ContainsKey((path, false)) || _counts.ContainsKey((path, true));
    }

    public bool IsAdding(string path, bool recursive)
    {
        lock (_lock)
            return _counts.ContainsKey((path, recursive));
    }

    /// <summary>A new connection: nothing is under way on it.</summary>
    public void Clear()
    {
        lock (_lock)
            _counts.Clear();
    }
}
