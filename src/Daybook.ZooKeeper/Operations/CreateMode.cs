namespace Daybook.ZooKeeper;

/// <summary>How long a node lives, and whether its name gets a number.</summary>
public enum CreateMode
{
    /// <summary>Until it is deleted.</summary>
    Persistent = 0,

    /// <summary>Until the session ends.</summary>
    Ephemeral = 1,

    /// <summary>Until it is deleted; ten digits that only grow are appended to its name.</summary>
    PersistentSequential = 2,

    /// <summary>Until the session ends; numbered.</summary>
    EphemeralSequential = 3,

    /// <summary>Until the server finds that its last child is gone.</summary>
    Container = 4,

    /// <summary>Until it has had no change and no child for a time to live; the server must have extended types enabled.</summary>
    PersistentWithTtl = 5,

    /// <summary>The same, numbered.</summary>
    PersistentSequentialWithTtl = 6,
}
