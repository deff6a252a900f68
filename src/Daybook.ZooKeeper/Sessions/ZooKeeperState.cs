namespace Daybook.ZooKeeper;

/// <summary>What a session is doing.</summary>
public enum ZooKeeperState
{
    /// <summary>Not yet established.</summary>
    Connecting,

    /// <summary>Connected to a server that takes writes.</summary>
    Connected,

    /// <summary>Connected to a server that has lost its quorum and serves reads only.</summary>
    ConnectedReadOnly,

    /// <summary>Without a server. Requests wait; code that acts on the session's behalf should stop until it is back (invariant
    /// F5).</summary>
    Suspended,

    /// <summary>Over: the server reported it, or was silent for so long that it must have expired the session. Its ephemeral nodes are gone or going.</summary>
    Expired,

    /// <summary>Over: the credentials were refused.</summary>
    AuthFailed,

    /// <summary>Over: closed by its owner.</summary>
    Closed,
}
