using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Daybook.Embedded.Files;

/// <summary>What .NET does not offer of the POSIX file calls. Each returns 0 or an error number's sign as its manual page says.</summary>
internal static partial class NativeMethods
{
    private const int ReadOnly = 0; // O_RDONLY

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int DataSync(SafeFileHandle file);

    /// <summary>Returns the error number itself.</summary>
    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    internal static partial int Allocate(SafeFileHandle file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    internal static int OpenDirectory(string path) => Open(path, ReadOnly);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
