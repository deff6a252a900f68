namespace Daybook.ZooKeeper.Sessions;

/// <summary>Ends the session for good.</summary>
internal sealed class SessionEndedException(ZooKeeperState state, ZooKeeperException error) : Exception(error.Message, error)
{
    public ZooKeeperState State => state;

    public ZooKeeperException Error => error;

    public static SessionEndedException Expired(string how) => new(
        ZooKeeperState.Expired, new ZooKeeperException(ZooKeeperError.SessionExpired, null, $"The session has expired: {how}"));

    public static SessionEndedException AuthFailed() => new(
        ZooKeeperState.AuthFailed, new ZooKeeperException(ZooKeeperError.AuthFailed, null, "The server refused the credentials (option Credentials)."));

    public static SessionEndedException Failed(Exception why) => new(
        ZooKeeperState.Closed, new ZooKeeperException(ZooKeeperError.SystemError, null, $"The client failed and is closed: {why.Message}", inner: why));

    public static SessionEndedException Closed() => new(
        ZooKeeperState.Closed, new ZooKeeperException(ZooKeeperError.SessionExpired, null, "The client was closed."));
}
