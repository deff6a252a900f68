namespace Daybook.ZooKeeper;

/// <summary>What a watch reports.</summary>
public enum WatchEventType
{
    /// <summary>The node was created.</summary>
    Created = 1,

    /// <summary>The node was deleted.</summary>
    Deleted = 2,

    /// <summary>The node's data were set.</summary>
    DataChanged = 3,

    /// <summary>The node got or lost a child. Not reported by a recursive watch, which sees the child itself.</summary>
    ChildrenChanged = 4,

    /// <summary>
    /// The client was without a server and is back in the same session: nothing that happened meanwhile is reported, so read again what you watch
    /// (invariant C3).
    /// </summary>
    Resync = 100,
}

/// <summary>A change to a node.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Path">The node; for <see cref="WatchEventType.Resync"/> the node that is watched.</param>
public sealed record WatchEvent(WatchEventType Type, string Path);

/// <summary>A value as read, and the news that it is not so any more.</summary>
/// <param name="Value">What was read.</param>
/// <param name="Changed">Completes at the first change after the read, also of one that came while the client was without a server; fails with
/// <see cref="ZooKeeperError.SessionExpired"/> when the session ends.</param>
public sealed record Watched<T>(T Value, Task<WatchEvent> Changed);
