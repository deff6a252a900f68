using System.Globalization;
using Daybook.Embedded.Files;
using Daybook.Embedded.Store.Format;
using Daybook.Files;

namespace Daybook.Embedded.Store;

/// <summary>The segment files of a store by their numbers.</summary>
internal sealed class SegmentFiles
{
    private const string Ending = ".log";
    private readonly DataFolder _folder;

    public SegmentFiles(DataFolder folder)
    {
        _folder = folder;
        Path = System.IO.Path.Combine(folder.Path, "segments");
        FileSystem.CreateDirectory(Path);
        FileSystem.SyncDirectory(Path);
    }

    public string Path { get; }

    public IFileSystem FileSystem => _folder.Files;

    public SegmentIdentity IdentityOf(long number) => new(_folder.Id!.Value, number);

    public string PathOf(long number) =>
        System.IO.Path.Combine(Path, number.ToString("D10", CultureInfo.InvariantCulture) + Ending);

    /// <inheritdoc cref="DataFolder.EnsureOwned"/>
    public void EnsureOwned() => _folder.EnsureOwned();

    /// <summary>Deletes what was half written under a temporary name. Call when every segment has been found.</summary>
    public void Tidy() => SmallFiles.DeleteTemporary(FileSystem, Path);

    /// <summary>The numbers of the files there are, ascending.</summary>
    public List<long> List()
    {
        var numbers = new List<long>();
        foreach (var name in FileSystem.List(Path))
        {
            if (name.EndsWith(SmallFiles.TemporaryEnding, StringComparison.Ordinal))
                continue;
            if (!name.EndsWith(Ending, StringComparison.Ordinal)
                || !long.TryParse(name.AsSpan()[..^Ending.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw new DaybookException(ErrorCode.Corrupted, $"Folder '{Path}' holds '{name}', which is no segment file.");
            numbers.Add(number);
        }
        numbers.Sort();
        return numbers;
    }

    /// <summary>Makes a file of zeros with its name durable; it is nothing yet, and dropped if found so.</summary>
    public IFile Create(long number, long bytes)
    {
        var path = PathOf(number);
        var file = FileSystem.Open(path, create: true);
        try
        {
            file.Allocate(bytes);
            file.Sync();
            FileSystem.SyncDirectory(Path);
            return file;
        }
        catch (IOException)
        {
            file.Dispose();
            FileSystem.Delete(path);
            throw;
        }
    }

    public void Remove(long number)
    {
        EnsureOwned();
        FileSystem.Delete(PathOf(number));
        FileSystem.SyncDirectory(Path);
    }
}
