using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Daybook.Files;
using Microsoft.Win32.SafeHandles;

namespace Daybook.Embedded.Files;

/// <summary>
/// Holds a folder for this process. The kernel locks the folder itself and the file LOCK in it, so removing LOCK lets nobody in. On a local
/// disk that is proof. Elsewhere, as on some network file systems, it need not be: LOCK names its owner, and the owner reads it again each
/// time.
/// </summary>
internal sealed class PhysicalFolderLock : IFolderLock
{
    private const int ProcessIdDigits = 10;
    private const int OwnerBytes = ProcessIdDigits + 34; // a space, 32 digits, and the end of the line
    private static readonly ConcurrentDictionary<string, bool> s_heldHere = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly byte[] _owner;
    private readonly byte[] _found;
    private readonly int _folder;
    private readonly bool _locksFolder;
    private readonly bool _isProof;
    private bool _disposed;

    private PhysicalFolderLock(string path, bool isLocal)
    {
        _path = path;
        _owner = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId,10} {Guid.NewGuid():N}\n"));
        _found = new byte[_owner.Length];
        (_folder, _locksFolder) = LockFolder(path);
        _isProof = _locksFolder && isLocal;
        try
        {
            _file = LockFile(path);
        }
        catch
        {
            CloseFolder();
            throw;
        }
        s_heldHere[Encoding.ASCII.GetString(_owner)] = true;
        RandomAccess.Write(_file, _owner, 0);
    }

    /// <exception cref="DaybookException"><see cref="ErrorCode.AlreadyInUse"/>.</exception>
    public static PhysicalFolderLock Take(string path) => Take(path, IsLocal(path));

    /// <param name="path">The file LOCK in the folder.</param>
    /// <param name="isLocal">Whether the kernel enforces the locks of the file system for all that can reach it.</param>
    internal static PhysicalFolderLock Take(string path, bool isLocal) => new(path, isLocal);

    /// <summary>Where the kernel's lock is no proof, looks into the file that was locked; where the folder cannot be locked, also whether
    /// it is still the one in the folder.</summary>
    public bool IsHeld => !_disposed && (_isProof || IsNamed);

    private bool IsNamed => RandomAccess.Read(_file, _found, 0) == _found.Length && _found.AsSpan().SequenceEqual(_owner)
        && (_locksFolder || IsStillThere());

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        s_heldHere.TryRemove(Encoding.ASCII.GetString(_owner), out _);
        _file.Dispose();
        CloseFolder();
    }

    private static bool IsLocal(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(path)!).DriveType is DriveType.Fixed or DriveType.Ram;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static (int Descriptor, bool Locked) LockFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return (-1, false);
        var folder = NativeMethods.OpenDirectory(Path.GetDirectoryName(path)!);
        if (folder < 0)
            return (-1, false);
        if (NativeMethods.LockExclusively(folder) == 0)
            return (folder, true);
        var error = Marshal.GetLastPInvokeError();
        if (!IsHeldByAnother(error))
            return (folder, false);
        _ = NativeMethods.Close(folder);
        throw InUse(path);
    }

    private static SafeFileHandle LockFile(string path)
    {
        var file = TryOpen(path) ?? throw InUse(path);
        if (OperatingSystem.IsWindows() || NativeMethods.LockExclusively(file) == 0 || !IsHeldByAnother(Marshal.GetLastPInvokeError()))
            return file;
        file.Dispose();
        throw InUse(path);
    }

    /// <summary>Null when another process holds the file, which only Windows notices here.</summary>
    private static SafeFileHandle? TryOpen(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            }
            catch (IOException held) when ((held.HResult & 0xFFFF) is 32 or 33)
            {
                return null;
            }
        }
        if (!File.Exists(path))
            Create(path);
        return OpenUnlocked(path) ?? throw new IOException($"Could not open '{path}': {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>Null when it cannot be opened.</summary>
    private static SafeFileHandle? OpenUnlocked(string path) =>
        NativeMethods.OpenUnlocked(path) is >= 0 and var descriptor ? new SafeFileHandle(descriptor, ownsHandle: true) : null;

    private static void Create(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            return;
        }
    }

    /// <summary>EWOULDBLOCK: 11, on macOS 35.</summary>
    private static bool IsHeldByAnother(int error) => error is 11 or 35;

    /// <summary>Process ids alone do not distinguish processes: each container has its own.</summary>
    private static DaybookException InUse(string path)
    {
        var owner = Encoding.ASCII.GetString(Read(path, OwnerBytes));
        var folder = Path.GetDirectoryName(path);
        return new DaybookException(ErrorCode.AlreadyInUse, s_heldHere.ContainsKey(owner)
            ? $"Folder '{folder}' is already open in this process, which holds '{path}'. Dispose the other book or store first."
            : $"Folder '{folder}' is in use by another process{IdIn(owner)}, which holds '{path}'. Stop that process, or wait for it.");
    }

    private static string IdIn(string owner)
    {
        var id = owner[..Math.Min(ProcessIdDigits, owner.Length)].Trim();
        return id.Length > 0 && id.All(char.IsAsciiDigit) ? $" (id {id})" : "";
    }

    private bool IsStillThere() => Read(_path, _owner.Length).AsSpan().SequenceEqual(_owner);

    /// <summary>The first bytes of the file of that name, which its holder keeps open; none when it cannot be read. Creates
    /// nothing.</summary>
    private static byte[] Read(string path, int count)
    {
        try
        {
            using var file = OperatingSystem.IsWindows()
                ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
                : OpenUnlocked(path);
            var bytes = new byte[count];
            return file is null ? [] : bytes[..RandomAccess.Read(file, bytes, 0)];
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void CloseFolder()
    {
        if (_folder >= 0)
            _ = NativeMethods.Close(_folder);
    }
}
