namespace Daybook.ZooKeeper;

/// <summary>What went wrong, by the server's own numbers (apache/zookeeper <c>KeeperException.Code</c>).</summary>
public enum ZooKeeperError
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The server failed in a way of its own.</summary>
    SystemError = -1,

    /// <summary>In a failed multi: this operation stood behind the one that failed and was not tried.</summary>
    RuntimeInconsistency = -2,

    /// <summary>The connection broke before the answer came. A write may have been carried out.</summary>
    ConnectionLoss = -4,

    /// <summary>The client and the server do not understand each other.</summary>
    MarshallingError = -5,

    /// <summary>The server does not know this operation, or it is switched off there.</summary>
    Unimplemented = -6,

    /// <summary>No answer in time. A write may have been carried out.</summary>
    OperationTimeout = -7,

    /// <summary>An argument is not acceptable.</summary>
    BadArguments = -8,

    /// <summary>The node does not exist.</summary>
    NoNode = -101,

    /// <summary>The session may not do that.</summary>
    NoAuth = -102,

    /// <summary>The node has another version than expected.</summary>
    BadVersion = -103,

    /// <summary>An ephemeral node has no children.</summary>
    NoChildrenForEphemerals = -108,

    /// <summary>The node exists.</summary>
    NodeExists = -110,

    /// <summary>The node has children.</summary>
    NotEmpty = -111,

    /// <summary>The session is over; its ephemeral nodes are gone or going. The client is of no more use.</summary>
    SessionExpired = -112,

    /// <summary>An access list is not acceptable.</summary>
    InvalidAcl = -114,

    /// <summary>The credentials were refused. The session is of no more use.</summary>
    AuthFailed = -115,

    /// <summary>The session has moved to another server.</summary>
    SessionMoved = -118,

    /// <summary>The server is read-only.</summary>
    NotReadOnly = -119,

    /// <summary>A local session cannot make ephemeral nodes.</summary>
    EphemeralOnLocalSession = -120,

    /// <summary>There is no such watch.</summary>
    NoWatcher = -121,

    /// <summary>The server abandoned the request.</summary>
    RequestTimeout = -122,

    /// <summary>The ensemble cannot be reconfigured.</summary>
    ReconfigDisabled = -123,

    /// <summary>The server wants SASL credentials.</summary>
    SaslAuthRequired = -124,

    /// <summary>A quota is used up.</summary>
    QuotaExceeded = -125,

    /// <summary>The server is busy and did not carry out the request.</summary>
    Throttled = -127,
}
