using Daybook.Files;

namespace Daybook.Testing.Faults;

/// <summary>
/// Files in memory that can lose what was not synced, as real ones do: after <see cref="Crash"/> any subset of the unsynced 512-byte sectors is
/// there, some of them torn, and of the unsynced names a prefix. Failures and crashes are planned through <see cref="Faults"/>. The same
/// seed and the same calls give the same bytes.
/// </summary>
/// <param name="seed">Decides what survives.</param>
public sealed class SimulatedFileSystem(int seed = 0) : IFileSystem
{
    private readonly Dictionary<string, IFolderLock> _locks = [];
    private readonly SimulatedNames _names = new();
    private int _life;
    private bool _stopped;

    /// <summary>What is to go wrong.</summary>
    public FileFaults Faults { get; } = new();

    internal Lock Gate { get; } = new();

    internal Random Random { get; } = new(seed);

    /// <summary>The power fails and comes back: what was not durable is there or not, files and locks that were open are gone.</summary>
    public void Crash()
    {
        lock (Gate)
        {
            _names.Crash(Random);
            Restart();
        }
    }

    /// <summary>The process is killed: files and locks that were open are gone, what was written is there, durable or not.</summary>
    public void Kill()
    {
        lock (Gate)
            Restart();
    }

    /// <summary>The same files for one process: what is left of it after <see cref="Crash"/> or <see cref="Kill"/> can do nothing more, as
    /// a thread that has not noticed yet otherwise could.</summary>
    public IFileSystem ForOneProcess()
    {
        lock (Gate)
            return new SimulatedLife(this, _life);
    }

    /// <summary>Damages a file where it lies.</summary>
    public void FlipBit(string path, long offset, int bit = 0)
    {
        lock (Gate)
            _names.Find(path).FlipBit(offset, bit);
    }

    /// <inheritdoc/>
    public IFile Open(string path, bool create) => Run(
        FileOperation.Open, () => new SimulatedFile(this, create ? _names.Create(path) : _names.Find(path), _life, writable: true));

    /// <inheritdoc/>
    public IFile OpenRead(string path) => Run(FileOperation.Read, () => new SimulatedFile(this, _names.Find(path), _life, writable: false));

    /// <inheritdoc/>
    public IFolderLock Lock(string path) => Run(FileOperation.Prepare, () => Faults.IgnoreLocks || !_locks.ContainsKey(path)
        ? _locks[path] = new Held(this, path, _life)
        : throw new DaybookException(ErrorCode.AlreadyInUse, $"Folder '{Path.GetDirectoryName(path)}' is in use, '{path}' is held."));

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Run(FileOperation.Prepare, () => true);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string path) => Run(FileOperation.Read, () => _names.List(path));

    /// <inheritdoc/>
    public bool Exists(string path) => Run(FileOperation.Read, () => _names.Contains(path));

    /// <inheritdoc/>
    public void Delete(string path) => Run(FileOperation.Delete, () => _names.Delete(path));

    /// <inheritdoc/>
    public void Rename(string from, string to) => Run(FileOperation.Rename, () => _names.Rename(from, to));

    /// <inheritdoc/>
    public void SyncDirectory(string path) => Run(FileOperation.SyncDirectory, () => Faults.LyingSync || _names.Sync(path));

    /// <summary>Checks that the machine runs, and throws the failure that is planned, before anything is done.</summary>
    internal void Begin(FileOperation operation, int life) => End(Plan(operation, life));

    /// <summary>The failure that is planned for an operation which must still do a part of its work.</summary>
    internal Exception? Plan(FileOperation operation, int life)
    {
        if (_stopped || life != _life)
            throw new SimulatedCrashException();
        var failure = Faults.Next(operation);
        _stopped = failure is SimulatedCrashException;
        return failure;
    }

    /// <exception cref="SimulatedCrashException">That life is over.</exception>
    internal T During<T>(int life, Func<T> action)
    {
        lock (Gate)
            return life == _life ? action() : throw new SimulatedCrashException();
    }

    internal static void End(Exception? failure)
    {
        if (failure is not null)
            throw failure;
    }

    internal void CheckSpace(SimulatedContent growing, long length)
    {
        if (length > growing.Length && _names.TotalLength + length - growing.Length > Faults.SpaceBytes)
            throw new IOException("No space left on the simulated device.");
    }

    private void Restart()
    {
        _life++;
        _stopped = false;
        _locks.Clear();
    }

    private T Run<T>(FileOperation operation, Func<T> action)
    {
        lock (Gate)
        {
            Begin(operation, _life);
            return action();
        }
    }

    private sealed class Held(SimulatedFileSystem files, string path, int life) : IFolderLock
    {
        public bool IsHeld
        {
            get
            {
                lock (files.Gate)
                    return life == files._life && files._locks.GetValueOrDefault(path) == this;
            }
        }

        public void Dispose()
        {
            lock (files.Gate)
                if (files._locks.GetValueOrDefault(path) == this)
                    files._locks.Remove(path);
        }
    }
}
