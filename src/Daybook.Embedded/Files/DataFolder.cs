using System.Globalization;
using System.Text;
using Daybook.Files;

namespace Daybook.Embedded.Files;

/// <summary>
/// A folder that belongs to one process at a time: its lock, and the file FORMAT that names its content, its version, and the id of this
/// store. FORMAT is written last when a folder is made, so its absence means that nothing in the folder has ever been relied on.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    public const string FormatFile = "FORMAT";
    private readonly IFolderLock _lock;
    private readonly string _kind;
    private readonly int _version;
    private readonly int _found;

    private DataFolder(IFileSystem files, string path, string kind, int version)
    {
        (Files, Path, _kind, _version) = (files, path, kind, version);
        _lock = Writing(() =>
        {
            Files.CreateDirectory(Path);
            return Files.Lock(System.IO.Path.Combine(Path, "LOCK"));
        });
        try
        {
            Writing(Settle);
            (Id, _found) = ReadFormat();
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public IFileSystem Files { get; }

    public string Path { get; }

    /// <summary>The id given by <see cref="Establish"/>; null for a folder that is still to be established.</summary>
    public Guid? Id { get; private set; }

    /// <exception cref="DaybookException"><see cref="ErrorCode.AlreadyInUse"/>, <see cref="ErrorCode.NewerFormat"/>, <see cref="ErrorCode.Corrupted"/>, or
    /// <see cref="ErrorCode.InvalidArgument"/> for a folder that cannot be written.</exception>
    public static DataFolder Open(IFileSystem files, string path, string kind, int version) => new(files, path, kind, version);

    /// <summary>Declares the folder to be of use from now on.</summary>
    public void Establish(Guid id)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"daybook-{_kind} {_version} {id:D}\n");
        SmallFiles.Replace(Files, System.IO.Path.Combine(Path, FormatFile), Encoding.ASCII.GetBytes(line));
        Id = id;
    }

    /// <summary>Raises the number in FORMAT to what this program writes, so that an older one refuses what it cannot read. Call before the first write.</summary>
    public void Upgrade()
    {
        if (_found < _version)
            Establish(Id!.Value);
    }

    /// <summary>Call before something is written, and before what was written is acknowledged.</summary>
    /// <exception cref="IOException">A later owner has the folder.</exception>
    public void EnsureOwned()
    {
        if (!_lock.IsHeld)
            throw new IOException($"Folder '{Path}' was taken over by another process; this one must stop using it.");
    }

    /// <summary>Deletes what was half written under a temporary name. Call when all that is of use has been found.</summary>
    public void Tidy() => SmallFiles.DeleteTemporary(Files, Path);

    /// <summary>The path that a folder of this machine has even when the current directory changes; others keep theirs.</summary>
    public static string Absolute(IFileSystem files, string path) => files is PhysicalFileSystem ? System.IO.Path.GetFullPath(path) : path;

    public void Dispose() => _lock.Dispose();

    /// <summary>What a killed process had named and not flushed is relied on from now on.</summary>
    private bool Settle()
    {
        Files.SyncDirectory(Path);
        return true;
    }

    private T Writing<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DaybookException(ErrorCode.InvalidArgument, $"Folder '{Path}' cannot be written: {failure.Message}", failure);
        }
    }

    private (Guid? Id, int Version) ReadFormat()
    {
        var path = System.IO.Path.Combine(Path, FormatFile);
        if (!Files.Exists(path))
            return (null, _version);
        var words = Encoding.ASCII.GetString(SmallFiles.ReadAll(Files, path)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || words[0] != $"daybook-{_kind}"
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version < 1)
            throw new DaybookException(ErrorCode.Corrupted, $"File '{path}' does not mark this as a folder of {_kind}.");
        if (version > _version)
            throw new DaybookException(
                ErrorCode.NewerFormat, $"Folder '{Path}' holds {_kind} in format {version}; this program reads formats up to {_version}.");
        return words.Length >= 3 && Guid.TryParse(words[2], out var id)
            ? (id, version)
            : throw new DaybookException(ErrorCode.Corrupted, $"File '{path}' does not give the id of the store.");
    }
}
