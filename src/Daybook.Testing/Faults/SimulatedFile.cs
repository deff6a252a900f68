using Daybook.Files;

namespace Daybook.Testing.Faults;

/// <summary>A file of a <see cref="SimulatedFileSystem"/>, open until disposed or until the machine stops.</summary>
internal sealed class SimulatedFile(SimulatedFileSystem files, SimulatedContent content, int life, bool writable) : IFile
{
    public long Length => Run(FileOperation.Read, () => content.Length);

    public int Read(long offset, Span<byte> destination)
    {
        lock (files.Gate)
        {
            files.Begin(FileOperation.Read, life);
            return content.Read(offset, destination);
        }
    }

    public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        CheckWritable();
        lock (files.Gate)
        {
            var failure = files.Plan(FileOperation.Write, life);
            var total = buffers.Sum(buffer => (long)buffer.Length);
            files.CheckSpace(content, offset + total);
            var left = failure is null ? total : files.Random.NextInt64(total + 1);
            foreach (var buffer in buffers)
            {
                var part = buffer.Span[..(int)Math.Min(buffer.Length, left)];
                content.Write(offset, part);
                offset += part.Length;
                left -= part.Length;
            }
            SimulatedFileSystem.End(failure);
        }
    }

    public void Allocate(long length)
    {
        CheckWritable();
        lock (files.Gate)
        {
            files.Begin(FileOperation.Allocate, life);
            files.CheckSpace(content, length);
            content.SetLength(Math.Max(length, content.Length));
        }
    }

    public void SetLength(long length)
    {
        CheckWritable();
        lock (files.Gate)
        {
            files.Begin(FileOperation.SetLength, life);
            content.SetLength(length);
        }
    }

    public void Sync()
    {
        lock (files.Gate)
        {
            var failure = files.Plan(FileOperation.Sync, life);
            if (failure is not null and not SimulatedCrashException)
                content.SyncPartly(files.Random);
            else if (failure is null && !files.Faults.LyingSync)
                content.Sync();
            SimulatedFileSystem.End(failure);
        }
    }

    public void Dispose()
    {
    }

    private T Run<T>(FileOperation operation, Func<T> action)
    {
        lock (files.Gate)
        {
            files.Begin(operation, life);
            return action();
        }
    }

    private void CheckWritable()
    {
        if (!writable)
            throw new UnauthorizedAccessException("The file was opened for reading.");
    }
}
