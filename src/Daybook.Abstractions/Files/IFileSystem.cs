namespace Daybook.Files;

/// <summary>
/// The file operations a store needs, and no more, so that a test can fail or lose any of them. Paths are absolute or relative to
/// the process. Calls block; stores make them from a thread of their own.
/// </summary>
/// <remarks>I/O errors are <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> as the platform gives them.</remarks>
public interface IFileSystem
{
    /// <summary>Opens a file for reading and writing. With <paramref name="create"/> it must not exist; else it must.</summary>
    IFile Open(string path, bool create);

    /// <summary>Opens a file for reading only; it must exist.</summary>
    IFile OpenRead(string path);

    /// <summary>Takes an exclusive lock on a folder by a file in it, creating the file; held until disposed or the process ends.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.AlreadyInUse"/> when another holder has it; the message names its process.</exception>
    IFolderLock Lock(string path);

    /// <summary>Creates a folder and those above it; one that exists is left as it is.</summary>
    void CreateDirectory(string path);

    /// <summary>The names (not paths) of the files in a folder, in ordinal order.</summary>
    IReadOnlyList<string> List(string path);

    /// <summary>Whether a file exists.</summary>
    bool Exists(string path);

    /// <summary>Deletes a file; durable after the folder is synced.</summary>
    void Delete(string path);

    /// <summary>Renames a file, replacing what has the new name, atomically; durable after the folder is synced.</summary>
    void Rename(string from, string to);

    /// <summary>Makes creations, deletions and renames in a folder durable.</summary>
    void SyncDirectory(string path);
}

/// <summary>An exclusive hold on a folder.</summary>
public interface IFolderLock : IDisposable
{
    /// <summary>
    /// False once a later owner has written itself into the lock's file, which can happen only where the file system does not enforce locks.
    /// The earlier owner must then acknowledge nothing more. Costs about a microsecond.
    /// </summary>
    bool IsHeld { get; }
}
