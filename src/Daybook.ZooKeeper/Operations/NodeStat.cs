namespace Daybook.ZooKeeper;

/// <summary>What ZooKeeper knows of a node.</summary>
/// <param name="CreatedZxid">The transaction that created it: grows with every write to the cluster, so it serves as a fencing token.</param>
/// <param name="ModifiedZxid">The transaction that last set its data.</param>
/// <param name="Created">When it was created, by the server's clock.</param>
/// <param name="Modified">When its data was last set, by the server's clock.</param>
/// <param name="Version">Counts the changes of its data, from 0.</param>
/// <param name="ChildVersion">Counts the changes of its list of children.</param>
/// <param name="AclVersion">Counts the changes of its access list.</param>
/// <param name="EphemeralOwner">The session that it ends with; 0 for a persistent node.</param>
/// <param name="DataLength">Bytes of data.</param>
/// <param name="ChildCount">Number of children.</param>
/// <param name="ChildrenZxid">The transaction that last added or removed a child.</param>
public sealed record NodeStat(
    long CreatedZxid, long ModifiedZxid, DateTimeOffset Created, DateTimeOffset Modified, int Version, int ChildVersion, int AclVersion,
    long EphemeralOwner, int DataLength, int ChildCount, long ChildrenZxid);

/// <summary>A node's data with its state.</summary>
/// <param name="Data">The bytes.</param>
/// <param name="Stat">The state they were read in.</param>
public sealed record NodeData(byte[] Data, NodeStat Stat);

/// <summary>A node's children with its state.</summary>
/// <param name="Names">Their names, without the path, in no order.</param>
/// <param name="Stat">The parent's state.</param>
public sealed record NodeChildren(IReadOnlyList<string> Names, NodeStat Stat);

/// <summary>A node just created.</summary>
/// <param name="Path">Its path, with the number appended if it is sequential.</param>
/// <param name="Stat">Its state.</param>
public sealed record CreatedNode(string Path, NodeStat Stat);

/// <summary>An access list with the state of its node.</summary>
/// <param name="Entries">The permissions of each identity.</param>
/// <param name="Stat">The node's state.</param>
public sealed record NodeAcl(IReadOnlyList<ZooKeeperAcl> Entries, NodeStat Stat);

/// <summary>Somebody the server takes this session to be.</summary>
/// <param name="Scheme">For example <c>ip</c> or <c>digest</c>.</param>
/// <param name="User">The name under that scheme.</param>
public sealed record ZooKeeperIdentity(string Scheme, string User);
