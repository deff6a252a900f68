namespace Daybook.ZooKeeper;

/// <summary>The one exception of the client.</summary>
public class ZooKeeperException : Exception
{
    /// <summary>States what went wrong.</summary>
    /// <param name="error">The code.</param>
    /// <param name="path">The node, as the caller knows it; null when no node is concerned.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="isOutcomeUnknown">True when a write may have been carried out all the same.</param>
    /// <param name="inner">What lies behind it.</param>
    public ZooKeeperException(ZooKeeperError error, string? path, string message, bool isOutcomeUnknown = false, Exception? inner = null)
        : base(message, inner) => (Error, Path, IsOutcomeUnknown) = (error, path, isOutcomeUnknown);

    /// <summary>The code.</summary>
    public ZooKeeperError Error { get; }

    /// <summary>The node, as the caller knows it; null when no node is concerned.</summary>
    public string? Path { get; }

    /// <summary>
    /// True when the request was sent and its answer never came: a write may have been carried out. Read what is there, and compare contents,
    /// before deciding (invariant C2).
    /// </summary>
    public bool IsOutcomeUnknown { get; }

    /// <summary>True when the same request may succeed later in the same session.</summary>
    public bool IsTransient => Error is ZooKeeperError.ConnectionLoss or ZooKeeperError.OperationTimeout or ZooKeeperError.RequestTimeout
        or ZooKeeperError.Throttled or ZooKeeperError.NotReadOnly or ZooKeeperError.SessionMoved;

    internal static ZooKeeperException Answered(ZooKeeperError error, string operation, string? path) =>
        new(error, path, $"{operation}{(path is null ? "" : $" of '{path}'")} was answered with {error}{Hint(error)}.", error is ZooKeeperError.RequestTimeout);

    private static string Hint(ZooKeeperError error) => error switch
    {
        ZooKeeperError.Unimplemented => ": the server is too old for this operation, or has it switched off",
        _ => "",
    };

    internal static ZooKeeperException BadArgument(string message, string? path = null) => new(ZooKeeperError.BadArguments, path, message);
}
