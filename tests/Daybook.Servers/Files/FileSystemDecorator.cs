using Daybook.Files;

namespace Daybook.Servers.Files;

/// <summary>Passes every call to another file system; a test overrides the calls that it watches or changes.</summary>
/// <param name="inner">The file system.</param>
public abstract class FileSystemDecorator(IFileSystem inner) : IFileSystem
{
    /// <inheritdoc/>
    public virtual IFile Open(string path, bool create) => inner.Open(path, create);

    /// <inheritdoc/>
    public virtual IFile OpenRead(string path) => inner.OpenRead(path);

    /// <inheritdoc/>
    public virtual IFolderLock Lock(string path) => inner.Lock(path);

    /// <inheritdoc/>
    public virtual void CreateDirectory(string path) => inner.CreateDirectory(path);

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> List(string path) => inner.List(path);

    /// <inheritdoc/>
    public virtual bool Exists(string path) => inner.Exists(path);

    /// <inheritdoc/>
    public virtual void Delete(string path) => inner.Delete(path);

    /// <inheritdoc/>
    public virtual void Rename(string from, string to) => inner.Rename(from, to);

    /// <inheritdoc/>
    public virtual void SyncDirectory(string path) => inner.SyncDirectory(path);
}
