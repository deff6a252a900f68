namespace Daybook.Coordination;

/// <summary>
/// Small shared records under compare-and-set, and leases. The local one keeps them in a folder, ZooKeeper in znodes; both pass the same
/// compliance suite.
/// </summary>
/// <remarks>
/// Keys are slash-separated segments of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, for example <c>journals/7</c>. When a write fails
/// with <see cref="InDoubtException"/> it may have happened: re-read, and compare the content before deciding (invariants C2, L11).
/// </remarks>
public interface ICoordinator
{
    /// <summary>Reads a record.</summary>
    /// <returns>Null when there is none.</returns>
    ValueTask<CoordinationRecord?> ReadAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Creates a record, durably.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.VersionMismatch"/> when it exists.</exception>
    ValueTask<CoordinationRecord> CreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default);

    /// <summary>Replaces a record, durably, if its version is still the one that was read.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.VersionMismatch"/> when it has changed or is gone.</exception>
    ValueTask<CoordinationRecord> UpdateAsync(
        string key, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken = default);

    /// <summary>Deletes a record if its version is still the one that was read. One that is gone is a no-op.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.VersionMismatch"/> when it has changed.</exception>
    ValueTask DeleteAsync(string key, long expectedVersion, CancellationToken cancellationToken = default);

    /// <summary>The keys one level below <paramref name="prefix"/>, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Waits for a lease. Its epoch is higher than that of any earlier holder, over restarts too (F3).</summary>
    /// <param name="name">What is leased; same form as a key.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<ILease> AcquireAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Names the process that holds a lease, for messages and health checks; nothing may be decided by it.</summary>
    /// <returns>Null when no process holds it, or when the provider does not know. Default: null.</returns>
    ValueTask<string?> HolderOfAsync(string name, CancellationToken cancellationToken = default) => new((string?)null);
}
