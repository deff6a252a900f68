namespace Bank.Tests.Running;

/// <summary>A folder of its own for a test, deleted at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bank-").FullName;

    /// <summary>Where the program keeps its book when it runs in this folder.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
