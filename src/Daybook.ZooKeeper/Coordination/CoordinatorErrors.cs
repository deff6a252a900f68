namespace Daybook.ZooKeeper.Coordination;

/// <summary>Maps ZooKeeper's errors to those of the coordinator's contract.</summary>
internal static class CoordinatorErrors
{
    public static DaybookException Of(ZooKeeperException error, string what) => error.Error switch
    {
        ZooKeeperError.NoAuth or ZooKeeperError.AuthFailed or ZooKeeperError.InvalidAcl or ZooKeeperError.SaslAuthRequired => new DaybookException(
            ErrorCode.InvalidArgument, $"ZooKeeper does not allow {what} with the credentials given (option Credentials): {error.Message}", error),
        ZooKeeperError.BadArguments or ZooKeeperError.NoNode or ZooKeeperError.Unimplemented => new DaybookException(
            ErrorCode.InvalidArgument, $"ZooKeeper does not take {what}: {error.Message}", error),
        ZooKeeperError.QuotaExceeded => new DaybookException(ErrorCode.TooLarge, $"ZooKeeper's quota leaves no room for {what}: {error.Message}", error),
        _ => new DaybookException(ErrorCode.Unavailable, $"ZooKeeper could not be asked for {what}: {error.Message}", error),
    };

    /// <summary>For a call on a coordinator that was disposed of.</summary>
    public static DaybookException Closed(ObjectDisposedException inner) => new(ErrorCode.Closed, "The coordinator was closed.", inner);

    public static InDoubtException InDoubt(string what, Exception? inner = null) => new(
        ErrorCode.Unavailable, $"It is not known whether {what} was carried out: the answer was lost, and others have written since. Read it again.", inner);
}
