using System.Collections.Immutable;

namespace Daybook.ZooKeeper.Recipes;

/// <summary>A node that differs between two snapshots.</summary>
/// <param name="Path">The node.</param>
/// <param name="Before">As it was; null when it is new.</param>
/// <param name="After">As it is; null when it is gone.</param>
public sealed record SubtreeChange(string Path, NodeData? Before, NodeData? After);

/// <summary>
/// A node and all below it. It never changes. Each node is as it was read; nodes that are changed one after the other may be seen changed in
/// another order while changes go on, and agree when they rest.
/// </summary>
public sealed class SubtreeSnapshot
{
    internal SubtreeSnapshot(ImmutableSortedDictionary<string, NodeData> nodes) => Nodes = nodes;

    /// <summary>Nothing.</summary>
    public static SubtreeSnapshot Empty { get; } = new(ImmutableSortedDictionary.Create<string, NodeData>(StringComparer.Ordinal));

    /// <summary>The nodes by path, in ordinal order; empty when there is not even the first.</summary>
    public ImmutableSortedDictionary<string, NodeData> Nodes { get; }

    /// <summary>What is different from an earlier snapshot, by path: created, set, deleted, or deleted and made anew.</summary>
    public IReadOnlyList<SubtreeChange> ChangesSince(SubtreeSnapshot earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var changes = Nodes
            .Select(node => new SubtreeChange(node.Key, earlier.Nodes.GetValueOrDefault(node.Key), node.Value))
            .Where(change => !IsSame(change.Before, change.After))
            .Concat(earlier.Nodes.Where(node => !Nodes.ContainsKey(node.Key)).Select(node => new SubtreeChange(node.Key, node.Value, null)));
        return [.. changes.OrderBy(change => change.Path, StringComparer.Ordinal)];
    }

    internal bool IsSameAs(SubtreeSnapshot other) =>
        Nodes.Count == other.Nodes.Count && Nodes.All(node => IsSame(other.Nodes.GetValueOrDefault(node.Key), node.Value));

    private static bool IsSame(NodeData? one, NodeData? other) =>
        one?.Stat.ModifiedZxid == other?.Stat.ModifiedZxid && one?.Stat.CreatedZxid == other?.Stat.CreatedZxid;
}
