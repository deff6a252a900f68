namespace Daybook.Servers;

/// <summary>A private folder of a test, deleted with its contents at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Where the folder is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("daybook-").FullName;

    /// <summary>The path of a file or folder in it; nothing is created.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text file into it.</summary>
    /// <returns>The path of the file.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Makes one folder a copy of another; what it held is gone.</summary>
    public static void Replace(string folder, string by)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var directory in Directory.GetDirectories(by, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(directory.Replace(by, folder, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(by, "*", SearchOption.AllDirectories))
            File.Copy(file, file.Replace(by, folder, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
