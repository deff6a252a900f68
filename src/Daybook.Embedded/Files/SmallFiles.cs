using Daybook.Files;

namespace Daybook.Embedded.Files;

/// <summary>Files that are read and replaced as a whole.</summary>
internal static class SmallFiles
{
    /// <summary>What is half written under this ending belongs to nobody and is deleted when the folder is opened.</summary>
    public const string TemporaryEnding = ".tmp";

    public static byte[] ReadAll(IFileSystem files, string path)
    {
        using var file = files.OpenRead(path);
        var bytes = new byte[file.Length];
        var read = file.Read(0, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>Replaces a file so that after a crash either the old or the new one is there; durable on return.</summary>
    public static void Replace(IFileSystem files, string path, ReadOnlyMemory<byte> content)
    {
        var temporary = path + TemporaryEnding;
        if (files.Exists(temporary))
            files.Delete(temporary);
        using (var file = files.Open(temporary, create: true))
        {
            file.Write(0, [content]);
            file.Sync();
        }
        files.Rename(temporary, path);
        files.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    public static void DeleteTemporary(IFileSystem files, string folder)
    {
        foreach (var name in files.List(folder))
            if (name.EndsWith(TemporaryEnding, StringComparison.Ordinal))
                files.Delete(Path.Combine(folder, name));
    }
}
