using System.Runtime.InteropServices;
using Daybook.Files;

namespace Daybook.Embedded.Files;

/// <summary>The files of this machine. On Linux a sync is fdatasync and folders are synced by fsync; elsewhere the platform's nearest is taken.</summary>
public sealed class PhysicalFileSystem : IFileSystem
{
    /// <inheritdoc/>
    public IFile Open(string path, bool create) => new PhysicalFile(
        File.OpenHandle(path, create ? FileMode.CreateNew : FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), path);

    /// <inheritdoc/>
    public IFile OpenRead(string path) => new PhysicalFile(
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), path);

    /// <inheritdoc/>
    public IFolderLock Lock(string path) => PhysicalFolderLock.Take(path);

    /// <inheritdoc/>
    /// <remarks>Each folder that is made is durable when the call returns, and open to its owner only (0700).</remarks>
    public void CreateDirectory(string path)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is not null)
            CreateDirectory(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (parent is not null)
            SyncDirectory(parent);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string path) =>
        [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public bool Exists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = NativeMethods.OpenDirectory(path);
        if (descriptor < 0)
            throw Failure(path);
        try
        {
            if (NativeMethods.Sync(descriptor) != 0)
                throw Failure(path);
        }
        finally
        {
            _ = NativeMethods.Close(descriptor);
        }
    }

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"Could not flush folder '{path}': {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }
}
