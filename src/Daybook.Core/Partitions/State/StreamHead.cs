using Daybook.Core.Records;

namespace Daybook.Core.Partitions.State;

/// <summary>
/// What a partition knows of every stream, idle ones included, so it is kept small: name, version, where its last events and its last
/// snapshot stand. Everything else is in <see cref="Hot"/> while the stream is in use.
/// </summary>
internal sealed class StreamHead(string name)
{
    public string Name { get; } = name;

    /// <summary>How many events the stream has, those in flight included.</summary>
    public long Version { get; set; }

    /// <summary>The record that holds the event of that version.</summary>
    public Location Last { get; set; }

    /// <summary>The newest snapshot record.</summary>
    public Location Snapshot { get; set; }

    /// <summary>The version that snapshot folds; 0 when there is none.</summary>
    public long SnapshotVersion { get; set; }

    /// <summary>What is known while the stream is in use; null when idle.</summary>
    public HotStream? Hot { get; set; }
}
