namespace Daybook.ZooKeeper.Recipes;

/// <summary>Who leads.</summary>
/// <param name="Epoch">The fencing token; higher than any earlier leader's.</param>
/// <param name="Payload">What the leader tells of itself: its address, say.</param>
public sealed record Leader(Epoch Epoch, ReadOnlyMemory<byte> Payload);
