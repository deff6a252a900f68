namespace Daybook.ZooKeeper.Recipes;

/// <summary>The leader of an election.</summary>
/// <param name="Epoch">The fencing token; higher than any earlier leader's.</param>
/// <param name="Payload">What the leader publishes about itself, such as its address.</param>
public sealed record Leader(Epoch Epoch, ReadOnlyMemory<byte> Payload);
