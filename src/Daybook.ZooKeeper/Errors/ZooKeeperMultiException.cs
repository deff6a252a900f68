namespace Daybook.ZooKeeper;

/// <summary>A multi failed: nothing of it was carried out.</summary>
public sealed class ZooKeeperMultiException : ZooKeeperException
{
    internal ZooKeeperMultiException(ZooKeeperOperation failed, int index, IReadOnlyList<ZooKeeperError> errors)
        : base(errors[index], failed.Path, $"Operation {index} of the multi, on '{failed.Path}', failed with {errors[index]}; nothing was carried out.") =>
        (Index, Errors) = (index, errors);

    /// <summary>Which operation failed.</summary>
    public int Index { get; }

    /// <summary>
    /// An error for each operation: the cause at <see cref="Index"/>, <see cref="ZooKeeperError.None"/> for those before it, which were taken
    /// back, <see cref="ZooKeeperError.RuntimeInconsistency"/> for those behind it, which were not tried.
    /// </summary>
    public IReadOnlyList<ZooKeeperError> Errors { get; }
}
