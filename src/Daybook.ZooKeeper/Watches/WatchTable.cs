namespace Daybook.ZooKeeper.Watches;

/// <summary>What a one-shot watch waits for.</summary>
internal enum OneShotKind
{
    Data,
    Existence,
    Children,
}

/// <summary>The paths whose watches a new connection must set again.</summary>
internal sealed record WatchedPaths(
    IReadOnlyList<string> Data, IReadOnlyList<string> Existence, IReadOnlyList<string> Children,
    IReadOnlyList<string> Persistent, IReadOnlyList<string> Recursive)
{
    public bool HasLasting => Persistent.Count + Recursive.Count > 0;

    public bool IsEmpty => Data.Count + Existence.Count + Children.Count == 0 && !HasLasting;
}

/// <summary>The watches of a session. Paths are the client's. Events reach their watchers before the next frame is read.</summary>
internal sealed class WatchTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(OneShotKind Kind, string Path), List<TaskCompletionSource<WatchEvent>>> _oneShots = [];
    private readonly Dictionary<string, List<NodeWatch>> _lasting = new(StringComparer.Ordinal);
    private ZooKeeperException? _ended;

    /// <summary>What was asked on the present connection and is not answered.</summary>
    public WatchesInFlight InFlight { get; } = new();

    public void Add(OneShotKind kind, string path, TaskCompletionSource<WatchEvent> watcher)
    {
        lock (_lock)
        {
            if (_ended is { } ended)
            {
                watcher.TrySetException(ended);
                return;
            }
            if (!_oneShots.TryGetValue((kind, path), out var watchers))
                _oneShots[(kind, path)] = watchers = [];
            watchers.Add(watcher);
        }
    }

    public void Add(NodeWatch watch)
    {
        lock (_lock)
        {
            if (_ended is { } ended)
            {
                watch.End(ended);
                return;
            }
            if (watch.IsRemoved)
                return;
            if (!_lasting.TryGetValue(watch.Path, out var watches))
                _lasting[watch.Path] = watches = [];
            watches.Add(watch);
        }
    }

    /// <summary>Forgets a lasting watch.</summary>
    public void Remove(NodeWatch watch)
    {
        lock (_lock)
        {
            watch.IsRemoved = true;
            if (_lasting.TryGetValue(watch.Path, out var watches) && watches.Remove(watch) && watches.Count == 0)
                _lasting.Remove(watch.Path);
        }
    }

    /// <summary>True when a node is still watched, but no longer all below it.</summary>
    public bool IsOnlyNodeWatched(string path) => IsCovered(OneShotKind.Children, path);

    /// <summary>True when nobody watches a node, or is about to, so that the server may forget it.</summary>
    public bool IsUnwatched(string path)
    {
        lock (_lock)
            return !_lasting.ContainsKey(path) && !InFlight.Any(path) && !_oneShots.Keys.Any(key => key.Path == path);
    }

    /// <summary>
    /// True when the server already reports what a one-shot watch waits for, because of a lasting watch of that node. It must not be asked then:
    /// servers before 3.9 keep one mode a node, and the one-shot would end the lasting one (ZOOKEEPER-4466).
    /// </summary>
    public bool IsCovered(OneShotKind kind, string path)
    {
        lock (_lock)
            return kind == OneShotKind.Children
                ? HasLasting(path, recursive: false) && !HasLasting(path, recursive: true)
                : HasLasting(path, recursive: false) || HasLasting(path, recursive: true);
    }

    /// <summary>True when a node is watched with all below it: then the server does not report its list of children.</summary>
    public bool HasRecursive(string path)
    {
        lock (_lock)
            return HasLasting(path, recursive: true);
    }

    public void Notify(WatchEvent change)
    {
        List<TaskCompletionSource<WatchEvent>> notified = [];
        lock (_lock)
        {
            foreach (var kind in KindsOf(change.Type))
            {
                if (_oneShots.Remove((kind, change.Path), out var watchers))
                    notified.AddRange(watchers);
            }
            TellLasting(change);
        }
        foreach (var watcher in notified)
            watcher.TrySetResult(change);
    }

    /// <summary>Events were missed: of all nodes, as the session goes on after a gap, or of one.</summary>
    public void Resync(string? path = null)
    {
        lock (_lock)
        {
            foreach (var watch in _lasting.Values.SelectMany(watches => watches).Where(watch => path is null || watch.Path == path))
                watch.Notify(new WatchEvent(WatchEventType.Resync, watch.Path));
        }
    }

    /// <summary>The session is over: every watcher is notified once (invariant C4).</summary>
    public void End(ZooKeeperException why, bool quietly)
    {
        lock (_lock)
        {
            if (_ended is not null)
                return;
            _ended = why;
            foreach (var watcher in _oneShots.Values.SelectMany(watchers => watchers))
                watcher.TrySetException(why);
            foreach (var watch in _lasting.Values.SelectMany(watches => watches))
                watch.End(quietly ? null : why);
            _oneShots.Clear();
            _lasting.Clear();
        }
    }

    public WatchedPaths Paths()
    {
        lock (_lock)
        {
            return new WatchedPaths(
                OneShots(OneShotKind.Data), OneShots(OneShotKind.Existence), OneShots(OneShotKind.Children),
                Lasting(recursive: false), Lasting(recursive: true));
        }
    }

    private static ReadOnlySpan<OneShotKind> KindsOf(WatchEventType type) => type switch
    {
        WatchEventType.Created or WatchEventType.DataChanged => [OneShotKind.Data, OneShotKind.Existence],
        WatchEventType.Deleted => [OneShotKind.Data, OneShotKind.Existence, OneShotKind.Children],
        _ => [OneShotKind.Children],
    };

    private void TellLasting(WatchEvent change)
    {
        foreach (var watch in _lasting.GetValueOrDefault(change.Path) ?? [])
        {
            if (!watch.IsRecursive || change.Type != WatchEventType.ChildrenChanged)
                watch.Notify(change);
        }
        if (change.Type == WatchEventType.ChildrenChanged)
            return;
        if (change.Type is WatchEventType.Created or WatchEventType.Deleted && ParentOf(change.Path) is { } of && HasLasting(of, recursive: true))
            TellOfChildren(of);
        for (var parent = ParentOf(change.Path); parent is not null; parent = ParentOf(parent))
        {
            foreach (var watch in _lasting.GetValueOrDefault(parent) ?? [])
            {
                if (watch.IsRecursive)
                    watch.Notify(change);
            }
        }
    }

    private void TellOfChildren(string parent)
    {
        foreach (var watch in _lasting.GetValueOrDefault(parent) ?? [])
        {
            if (!watch.IsRecursive)
                watch.Notify(new WatchEvent(WatchEventType.ChildrenChanged, parent));
        }
    }

    private bool HasLasting(string path, bool recursive) => InFlight.IsAdding(path, recursive)
        || (_lasting.TryGetValue(path, out var watches) && watches.Any(watch => watch.IsRecursive == recursive));

    private static string? ParentOf(string path) => path.Length == 1 ? null : path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";

    private string[] OneShots(OneShotKind kind) => [.. _oneShots.Keys.Where(key => key.Kind == kind).Select(key => key.Path)];

    private string[] Lasting(bool recursive) => [.. _lasting.Where(pair => pair.Value.Any(watch => watch.IsRecursive == recursive)).Select(pair => pair.Key)];
}
