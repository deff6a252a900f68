using Daybook.Coordination;

namespace Daybook.Memory;

/// <summary>Records and leases in memory: the reference for what the contract means, and the coordinator of tests.</summary>
public sealed class MemoryCoordinator : ICoordinator
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, CoordinationRecord> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemoryLeaseQueue> _leases = new(StringComparer.Ordinal);
    private long _lastVersion;

    /// <inheritdoc/>
    public ValueTask<CoordinationRecord?> ReadAsync(string key, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
            return ValueTask.FromResult(_records.GetValueOrDefault(key));
    }

    /// <inheritdoc/>
    public ValueTask<CoordinationRecord> CreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
        Write(key, value, expectedVersion: null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CoordinationRecord> UpdateAsync(
        string key, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken = default) =>
        Write(key, value, expectedVersion, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, long expectedVersion, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_records.TryGetValue(key, out var record) && record.Version != expectedVersion)
                return ValueTask.FromException(CoordinationErrors.VersionMismatch(key, expectedVersion, record.Version));
            _records.Remove(key);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
            return ValueTask.FromResult<IReadOnlyList<string>>([.. _records.Keys.Where(key => CoordinationKey.IsChild(prefix, key))]);
    }

    /// <inheritdoc/>
    public ValueTask<ILease> AcquireAsync(string name, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(name);
        cancellationToken.ThrowIfCancellationRequested();
        return Queue(name).AcquireAsync(cancellationToken);
    }

    /// <summary>Takes a lease from its holder, as an expired session would, and gives it to the next in line.</summary>
    /// <param name="name">The lease; one that nobody holds is left alone.</param>
    /// <param name="tellHolder">False for a holder that does not notice, such as one whose process is paused: it goes on believing.</param>
    public void Expire(string name, bool tellHolder = true) => Queue(name).Expire(tellHolder);

    private ValueTask<CoordinationRecord> Write(
        string key, ReadOnlyMemory<byte> value, long? expectedVersion, CancellationToken cancellationToken)
    {
        CoordinationKey.Check(key);
        CoordinationKey.CheckValue(key, value);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var found = _records.GetValueOrDefault(key)?.Version;
            if (found != expectedVersion)
                return ValueTask.FromException<CoordinationRecord>(CoordinationErrors.VersionMismatch(key, expectedVersion, found));
            return ValueTask.FromResult(_records[key] = new CoordinationRecord(key, value.ToArray(), ++_lastVersion));
        }
    }

    private MemoryLeaseQueue Queue(string name)
    {
        lock (_lock)
        {
            if (!_leases.TryGetValue(name, out var queue))
                _leases[name] = queue = new MemoryLeaseQueue(name);
            return queue;
        }
    }
}
