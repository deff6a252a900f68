namespace Daybook.Core.Partitions.State;

/// <summary>A stream in use: its folded state, what its last change waits for, and its lock.</summary>
internal sealed class HotStream
{
    /// <summary>The fold of all events, those in flight included; null when it is not cached or the stream has none.</summary>
    public object? State { get; set; }

    /// <summary>True when <see cref="State"/> is the fold of all events; false when it must be loaded.</summary>
    public bool IsLoaded { get; set; }

    /// <summary>The number of the batch that must be durable before an answer may show this stream.</summary>
    public long ChangedIn { get; set; }

    /// <summary>The version at which a snapshot was last tried, written or not.</summary>
    public long SnapshotTriedAt { get; set; }

    /// <summary>Set on use, cleared by the hand of the cache's clock.</summary>
    public bool Referenced { get; set; }

    /// <summary>The holder of the stream's lock; null when it is free.</summary>
    public LockWaiter? Owner { get; set; }

    /// <summary>The waiters in order; null until the first one waits.</summary>
    public Queue<LockWaiter>? Waiting { get; set; }

    /// <summary>True when nobody has it and nobody waits.</summary>
    public bool IsFree => Owner is null && (Waiting is null || Waiting.Count == 0);
}
