using System.Globalization;
using System.Text;
using Daybook.Embedded.Files;

namespace Daybook.Embedded.Store;

/// <summary>Where a log ends.</summary>
/// <param name="Segment">The number of its newest segment.</param>
/// <param name="Offset">The end of the last record in it.</param>
internal readonly record struct LogEnd(long Segment, long Offset);

/// <summary>
/// The file CLEAN, which a clean end leaves and the next opening removes before it writes anything (docs/ledger-format.md). As long as it is there the
/// log must reach as far as the mark: bytes that are missing then were lost, they were not never written.
/// </summary>
internal static class CleanEnd
{
    private const string FileName = "CLEAN";
    private const string Kind = "daybook-clean";

    /// <summary>Durable on return.</summary>
    public static void Write(DataFolder folder, LogEnd end) =>
        SmallFiles.Replace(folder.Files, PathIn(folder), Encoding.ASCII.GetBytes(LineOf(folder, end)));

    /// <summary>Null after anything but a clean end.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/> when the file is not one that this store wrote.</exception>
    public static LogEnd? Read(DataFolder folder)
    {
        var path = PathIn(folder);
        if (!folder.Files.Exists(path))
            return null;
        var line = Encoding.ASCII.GetString(SmallFiles.ReadAll(folder.Files, path));
        var words = line.Split(' ');
        return words.Length == 6
            && long.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var segment)
            && long.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            && line == LineOf(folder, new LogEnd(segment, offset))
            ? new LogEnd(segment, offset)
            : throw StoreErrors.Damaged(path, 0, "it is not the mark of a clean end of this store; if everything else is as it was, delete this file");
    }

    /// <summary>Durable on return.</summary>
    public static void Remove(DataFolder folder)
    {
        if (!folder.Files.Exists(PathIn(folder)))
            return;
        folder.Files.Delete(PathIn(folder));
        folder.Files.SyncDirectory(folder.Path);
    }

    // daybook-clean 1 <store id> <segment> <offset> <CRC-32C of what precedes it>
    private static string LineOf(DataFolder folder, LogEnd end)
    {
        var content = string.Create(CultureInfo.InvariantCulture, $"{Kind} 1 {folder.Id:D} {end.Segment} {end.Offset} ");
        return string.Create(CultureInfo.InvariantCulture, $"{content}{Crc32C.Compute(Encoding.ASCII.GetBytes(content)):x8}\n");
    }

    private static string PathIn(DataFolder folder) => Path.Combine(folder.Path, FileName);
}
