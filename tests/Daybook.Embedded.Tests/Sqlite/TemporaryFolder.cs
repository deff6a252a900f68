namespace Daybook.Embedded.Tests.Sqlite;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IAsyncDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("daybook-sqlite-").FullName;

    internal string File(string name = "read.db") => System.IO.Path.Combine(Path, name);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }
}
