namespace Daybook.ZooKeeper;

/// <summary>What became of one part of a multi.</summary>
/// <param name="Error">Why it failed; <see cref="ZooKeeperError.None"/> when it did not.</param>
public sealed record ZooKeeperResult(ZooKeeperError Error)
{
    /// <summary>The path of the node created, with its number if it is sequential; null for other operations.</summary>
    public string? CreatedPath { get; init; }

    /// <summary>The state after setting data, and of a node created where the server returns it (3.8 does not); null otherwise.</summary>
    public NodeStat? Stat { get; init; }

    /// <summary>The data read; null for other operations.</summary>
    public NodeData? Data { get; init; }

    /// <summary>The names of the children read; null for other operations.</summary>
    public IReadOnlyList<string>? Children { get; init; }
}
