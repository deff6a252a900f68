namespace Daybook.ZooKeeper.Recipes;

/// <summary>A member of a group.</summary>
/// <param name="Name">Its name, unique in the group.</param>
/// <param name="Payload">What it publishes about itself.</param>
/// <param name="SessionId">The session that it is a member with; another one after it was gone and came back.</param>
public sealed record GroupMember(string Name, ReadOnlyMemory<byte> Payload, long SessionId);
