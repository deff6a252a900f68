using System.Collections.Concurrent;
using Daybook.Coordination;
using Daybook.Embedded.Files;
using Daybook.Files;

namespace Daybook.Embedded.Coordination;

/// <summary>
/// Records and leases in a folder, for one process at a time. Every write is durable when it returns; after a kill at any instruction the folder
/// holds the state before or after a write, never between.
/// </summary>
/// <remarks>Writes are rare (a few for each takeover), so each replaces one small file as a whole. After a failed write it
/// reads the file and writes it once more before it does anything else, for what is in the folder is unknown.</remarks>
public sealed class LocalCoordinator : ICoordinator, IAsyncDisposable
{
    private readonly CoordinationStore _store;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<LocalLease, byte> _held = new();

    private LocalCoordinator(CoordinationStore store) => _store = store;

    /// <summary>Opens the coordinator in a folder, creating it if need be.</summary>
    /// <param name="folder">Belongs to the coordinator alone.</param>
    /// <param name="files">Null for the files of this machine.</param>
    /// <param name="cancellationToken">Observed only before the start.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.AlreadyInUse"/>, <see cref="ErrorCode.NewerFormat"/>,
    /// <see cref="ErrorCode.Corrupted"/>, or <see cref="ErrorCode.InvalidArgument"/> for a folder that cannot be written.</exception>
    public static Task<LocalCoordinator> OpenAsync(string folder, IFileSystem? files = null, CancellationToken cancellationToken = default)
    {
        files ??= new PhysicalFileSystem();
        var path = DataFolder.Absolute(files, folder);
        return Task.Run(() => Open(path, files), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<CoordinationRecord?> ReadAsync(string key, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(key);
        cancellationToken.ThrowIfCancellationRequested();
        return (await _store.StateAsync()).Records.GetValueOrDefault(key);
    }

    /// <inheritdoc/>
    public ValueTask<CoordinationRecord> CreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
        WriteAsync(key, value, expectedVersion: null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CoordinationRecord> UpdateAsync(
        string key, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken = default) =>
        WriteAsync(key, value, expectedVersion, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, long expectedVersion, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(key);
        cancellationToken.ThrowIfCancellationRequested();
        await _store.ApplyAsync(state => state.Delete(key, expectedVersion));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return [.. (await _store.StateAsync()).Records.Keys.Where(key => CoordinationKey.IsChild(prefix, key))];
    }

    /// <inheritdoc/>
    public async ValueTask<ILease> AcquireAsync(string name, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(name);
        var turn = _turns.GetOrAdd(name, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            var raised = await _store.ApplyAsync(state => state.RaiseEpoch(name));
            var lease = new LocalLease(name, new Epoch(raised.Epochs[name]), turn);
            _held[lease] = 0;
            lease.Lost.UnsafeRegister(_ => _held.TryRemove(lease, out byte _), null);
            return lease;
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    /// <summary>Ends every lease, waits for the write that runs, and lets go of the folder.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (var lease in _held.Keys)
            lease.Lose();
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    private static LocalCoordinator Open(string folder, IFileSystem files)
    {
        var opened = DataFolder.Open(files, folder, "coordination", CoordinationFile.Version);
        try
        {
            return new LocalCoordinator(new CoordinationStore(opened));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            opened.Dispose();
            throw new DaybookException(ErrorCode.StoreFailed, $"The coordinator in '{folder}' could not be opened: {failure.Message}", failure);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private async ValueTask<CoordinationRecord> WriteAsync(
        string key, ReadOnlyMemory<byte> value, long? expectedVersion, CancellationToken cancellationToken)
    {
        CoordinationKey.Check(key);
        CoordinationKey.CheckValue(key, value);
        cancellationToken.ThrowIfCancellationRequested();
        var bytes = value.ToArray();
        var written = await _store.ApplyAsync(state => state.Write(key, bytes, expectedVersion));
        return written.Records[key];
    }
}
