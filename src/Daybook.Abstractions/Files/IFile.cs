namespace Daybook.Files;

/// <summary>An open file. Reads may come from many threads; writes and syncs come from one.</summary>
public interface IFile : IDisposable
{
    /// <summary>The length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads into a buffer until it is full or the file ends.</summary>
    /// <returns>The number of bytes read.</returns>
    int Read(long offset, Span<byte> destination);

    /// <summary>Writes buffers one after the other at an offset, growing the file if need be. Not durable before <see cref="Sync"/>;
    /// after a crash any part of it may be there.</summary>
    void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers);

    /// <summary>Reserves space up to a length; the new bytes read as zeros.</summary>
    void Allocate(long length);

    /// <summary>Cuts or extends the file.</summary>
    void SetLength(long length);

    /// <summary>Makes everything written durable (fdatasync). After a failure what is on the device is unknown and a retry proves nothing.</summary>
    void Sync();
}
