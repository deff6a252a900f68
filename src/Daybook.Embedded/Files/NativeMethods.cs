using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Daybook.Embedded.Files;

/// <summary>What .NET does not offer of the POSIX file calls. Each returns 0 or the sign of an error number, as in its manual
/// page.</summary>
internal static partial class NativeMethods
{
    private const int ReadOnly = 0; // O_RDONLY
    private const int ReadWrite = 2; // O_RDWR
    private const int ExclusiveWithoutWaiting = 2 | 4; // LOCK_EX | LOCK_NB

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int DataSync(SafeFileHandle file);

    /// <summary>Returns the error number itself.</summary>
    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    internal static partial int Allocate(SafeFileHandle file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    /// <summary>Children of this process do not inherit what is opened: a lock would live on in them.</summary>
    private static int CloseOnExecute => OperatingSystem.IsLinux() ? 0x80000 : OperatingSystem.IsMacOS() ? 0x1000000 : 0; // O_CLOEXEC

    internal static int OpenDirectory(string path) => Open(path, ReadOnly | CloseOnExecute);

    /// <summary>Opens a file that exists, without the locks that .NET takes of its own accord.</summary>
    internal static int OpenUnlocked(string path) => Open(path, ReadWrite | CloseOnExecute);

    /// <summary>Takes the lock of an open file or folder; it goes with the descriptor, or with the process.</summary>
    internal static int LockExclusively(int descriptor) => Lock(descriptor, ExclusiveWithoutWaiting);

    internal static int LockExclusively(SafeFileHandle file) => Lock(file, ExclusiveWithoutWaiting);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
