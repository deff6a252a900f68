using System.Runtime.InteropServices;
using Daybook.Files;
using Microsoft.Win32.SafeHandles;

namespace Daybook.Embedded.Files;

/// <summary>A file of the operating system.</summary>
internal sealed class PhysicalFile(SafeFileHandle handle, string path) : IFile
{
    private const int Interrupted = 4; // EINTR

    public long Length => RandomAccess.GetLength(handle);

    public int Read(long offset, Span<byte> destination)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = RandomAccess.Read(handle, destination[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }

    public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers) => RandomAccess.Write(handle, buffers, offset);

    public void Allocate(long length)
    {
        if (Length >= length)
            return;
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.SetLength(handle, length);
            return;
        }
        int error;
        do
            error = NativeMethods.Allocate(handle, 0, length);
        while (error == Interrupted);
        if (error != 0)
            throw new IOException($"Could not reserve {length} bytes for '{path}': {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public void Sync()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }
        if (NativeMethods.DataSync(handle) == 0)
            return;
        var error = Marshal.GetLastPInvokeError();
        throw new IOException($"Could not flush '{path}': {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    public void Dispose() => handle.Dispose();
}
