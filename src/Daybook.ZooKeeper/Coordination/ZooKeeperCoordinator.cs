using System.Text;
using Daybook.Coordination;
using Daybook.ZooKeeper.Recipes;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Coordination;

/// <summary>
/// Records and leases in ZooKeeper, shared by all processes that name the same root. Below it lie <c>records</c>, <c>leases</c> and
/// <c>epochs</c>; other nodes are left alone.
/// </summary>
/// <remarks>
/// Lost connections and ended sessions are seen through. Without a server a call waits until its session has ended, a third more than the session
/// timeout, and then for <see cref="ZooKeeperOptions.ConnectTimeout"/>; then it fails as <see cref="ErrorCode.Unavailable"/>, or with
/// <see cref="InDoubtException"/> if it is a write that may have been carried out. Cancelling a write leaves its outcome open too.
/// Every read sees what was answered before it, to any client (invariant C8); decide by writes all the same.
/// </remarks>
public sealed class ZooKeeperCoordinator : ICoordinator, IAsyncDisposable
{
    private static readonly byte[] s_process = Encoding.UTF8.GetBytes($"process {Environment.ProcessId} on {Environment.MachineName}");

    private readonly SessionKeeper _sessions;
    private readonly RecordStore _store;
    private readonly RecordWriter _writer;
    private readonly ZooKeeperLeases _leases;

    private ZooKeeperCoordinator(SessionKeeper sessions, string root)
    {
        _sessions = sessions;
        _store = new RecordStore(new RecordPaths($"{(root == "/" ? "" : root)}/records"));
        _writer = new RecordWriter(sessions, _store);
        _leases = new ZooKeeperLeases(sessions, root);
    }

    /// <summary>Opens a coordinator with a session of its own.</summary>
    /// <param name="options">How to reach ZooKeeper. The session timeout bounds how long a lease outlives its holder.</param>
    /// <param name="root">The node that everything lies below; made where it is missing.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/> for a bad option, root or credential;
    /// <see cref="ErrorCode.Unavailable"/> when no server gives a session.</exception>
    public static async Task<ZooKeeperCoordinator> OpenAsync(
        ZooKeeperOptions options, string root = "/daybook", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var sessions = new SessionKeeper(options);
        try
        {
            PathRules.Check(root);
            var client = await sessions.GetAsync(cancellationToken).ConfigureAwait(false);
            await client.EnsureAsync(root, CreateMode.Persistent, cancellationToken).ConfigureAwait(false);
            return new ZooKeeperCoordinator(sessions, root);
        }
        catch (ZooKeeperException e)
        {
            await sessions.DisposeAsync().ConfigureAwait(false);
            throw CoordinatorErrors.Of(e, "a coordinator");
        }
        catch
        {
            await sessions.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CoordinationRecord?> ReadAsync(string key, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(key);
        var found = await OnSessionAsync(
            $"record '{key}'", client => _store.ReadAsync(client, key, cancellationToken), cancellationToken).ConfigureAwait(false);
        return found is { Record: { } record, Version: { } version } ? new CoordinationRecord(key, record.Value, version) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<CoordinationRecord> CreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default)
    {
        var record = Checked(key, value);
        var version = await _writer.RunAsync(new RecordWrite.Create(key, record), cancellationToken).ConfigureAwait(false);
        return new CoordinationRecord(key, record.Value, version);
    }

    /// <inheritdoc/>
    public async ValueTask<CoordinationRecord> UpdateAsync(
        string key, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken = default)
    {
        var record = Checked(key, value);
        var version = await _writer.RunAsync(new RecordWrite.Update(key, record, expectedVersion), cancellationToken).ConfigureAwait(false);
        return new CoordinationRecord(key, record.Value, version);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, long expectedVersion, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(key);
        await _writer.RunAsync(new RecordWrite.Delete(key, expectedVersion), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length > 0)
            CoordinationKey.Check(prefix);
        var names = await OnSessionAsync(
            $"the records below '{prefix}'", client => _store.ListAsync(client, prefix, cancellationToken), cancellationToken).ConfigureAwait(false);
        return [.. names.Select(name => prefix.Length == 0 ? name : $"{prefix}/{name}").Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async ValueTask<ILease> AcquireAsync(string name, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(name);
        try
        {
            return await _leases.AcquireAsync(name, s_process, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (ZooKeeperException e)
        {
            throw CoordinatorErrors.Of(e, $"lease '{name}'");
        }
        catch (ObjectDisposedException e)
        {
            throw CoordinatorErrors.Closed(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string?> HolderOfAsync(string name, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(name);
        var payload = await OnSessionAsync(
            $"lease '{name}'", client => _leases.HolderAsync(client, name, cancellationToken), cancellationToken).ConfigureAwait(false);
        return payload is { Length: > 0 } ? Encoding.UTF8.GetString(payload) : null;
    }

    /// <summary>Closes the session; every lease ends with it.</summary>
    public ValueTask DisposeAsync() => _sessions.DisposeAsync();

    private static StoredRecord Checked(string key, ReadOnlyMemory<byte> value)
    {
        CoordinationKey.Check(key);
        CoordinationKey.CheckValue(key, value);
        return new StoredRecord(Guid.NewGuid(), value.ToArray());
    }

    private async Task<T> OnSessionAsync<T>(string what, Func<ZooKeeperClient, Task<T>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work(await _sessions.GetAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (ZooKeeperException e) when (e.Error == ZooKeeperError.SessionExpired)
            {
                // Asked again on the next session.
            }
            catch (ZooKeeperException e)
            {
                throw CoordinatorErrors.Of(e, what);
            }
            catch (ObjectDisposedException e)
            {
                throw CoordinatorErrors.Closed(e);
            }
        }
    }
}
