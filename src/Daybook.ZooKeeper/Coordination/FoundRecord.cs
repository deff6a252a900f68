namespace Daybook.ZooKeeper.Coordination;

/// <summary>A shelf and a record on it, as read together.</summary>
/// <param name="ShelfVersion">Counts the deletions on the shelf; null when there is no shelf.</param>
/// <param name="Record">The record; null when there is none.</param>
/// <param name="Stat">The state of its node; null when there is none.</param>
internal sealed record FoundRecord(int? ShelfVersion, StoredRecord? Record, NodeStat? Stat)
{
    /// <summary>
    /// The version that callers know: the transaction of the last write. Unlike the version of the data it never comes back after a deletion.
    /// </summary>
    public long? Version => Stat?.ModifiedZxid;
}
