namespace Daybook.Testing.Faults;

/// <summary>Which names a simulated disk has: as a program sees them, and as the device has them.</summary>
internal sealed class SimulatedNames
{
    private readonly List<(string Folder, Action<Dictionary<string, SimulatedContent>> Change)> _unsynced = [];
    private readonly Dictionary<string, SimulatedContent> _durable = new(StringComparer.Ordinal);
    private Dictionary<string, SimulatedContent> _names = new(StringComparer.Ordinal);

    public long TotalLength => _names.Values.Sum(content => content.Length);

    public bool Contains(string path) => _names.ContainsKey(path);

    public SimulatedContent Find(string path) =>
        _names.TryGetValue(path, out var content) ? content : throw new FileNotFoundException($"There is no file '{path}'.", path);

    public IReadOnlyList<string> List(string folder) =>
        [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public SimulatedContent Create(string path)
    {
        if (Contains(path))
            throw new IOException($"The file '{path}' already exists.");
        var content = new SimulatedContent();
        Apply(path, names => names[path] = content);
        return content;
    }

    public bool Delete(string path)
    {
        Apply(path, names => names.Remove(path));
        return true;
    }

    public bool Rename(string from, string to)
    {
        var content = Find(from);
        Apply(to, names =>
        {
            names.Remove(from);
            names[to] = content;
        });
        return true;
    }

    public bool Sync(string folder)
    {
        foreach (var (_, change) in _unsynced.Where(change => change.Folder == folder))
            change(_durable);
        _unsynced.RemoveAll(change => change.Folder == folder);
        return true;
    }

    public void Crash(Random random)
    {
        foreach (var content in _names.Values.Concat(_durable.Values).Distinct().ToList())
            content.Crash(random);
        foreach (var (_, change) in _unsynced.Take(random.Next(_unsynced.Count + 1)))
            change(_durable);
        _unsynced.Clear();
        _names = new Dictionary<string, SimulatedContent>(_durable, StringComparer.Ordinal);
    }

    private void Apply(string path, Action<Dictionary<string, SimulatedContent>> change)
    {
        change(_names);
        _unsynced.Add((Path.GetDirectoryName(path)!, change));
    }
}
