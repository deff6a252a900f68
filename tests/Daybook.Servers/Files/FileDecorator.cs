using Daybook.Files;

namespace Daybook.Servers.Files;

/// <summary>Passes every call to another file; a test overrides the calls that it watches or changes.</summary>
/// <param name="inner">The file; disposed with this.</param>
public abstract class FileDecorator(IFile inner) : IFile
{
    /// <inheritdoc/>
    public long Length => inner.Length;

    /// <inheritdoc/>
    public virtual int Read(long offset, Span<byte> destination) => inner.Read(offset, destination);

    /// <inheritdoc/>
    public virtual void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers) => inner.Write(offset, buffers);

    /// <inheritdoc/>
    public virtual void Allocate(long length) => inner.Allocate(length);

    /// <inheritdoc/>
    public virtual void SetLength(long length) => inner.SetLength(length);

    /// <inheritdoc/>
    public virtual void Sync() => inner.Sync();

    /// <inheritdoc/>
    public void Dispose()
    {
        inner.Dispose();
        GC.SuppressFinalize(this);
    }
}
