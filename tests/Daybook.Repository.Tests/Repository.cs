namespace Daybook.Repository.Tests;

/// <summary>The working copy that these tests were built from.</summary>
internal static class Repository
{
    private static readonly HashSet<string> Left = new(StringComparer.Ordinal)
    {
        "bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "data", ".git", ".vs", ".idea",
    };

    private static readonly string[] Sources = ["src", "samples", "tests", "benchmarks"];

    internal static string Root { get; } = FindRoot();

    /// <summary>What lies at the root and is kept under version control.</summary>
    internal static IEnumerable<string> RootEntries => Directory.EnumerateFileSystemEntries(Root)
        .Select(path => Path.GetFileName(path))
        .Where(name => !Left.Contains(name) && !name.EndsWith(".user", StringComparison.Ordinal));

    /// <summary>Files under a folder, as paths relative to the root with forward slashes.</summary>
    internal static IEnumerable<string> Files(string folder, string extension)
    {
        var path = Path.Combine(Root, folder);
        return Directory.Exists(path) ? Walk(path).Where(f => f.EndsWith(extension, StringComparison.Ordinal)).Select(Relative) : [];
    }

    /// <summary>Every C# file of ours.</summary>
    internal static IEnumerable<string> Code => Sources.SelectMany(folder => Files(folder, ".cs"));

    /// <summary>Every project.</summary>
    internal static IEnumerable<string> Projects => Sources.SelectMany(folder => Files(folder, ".csproj"));

    internal static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    internal static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>Fails with every violation and with what to do about it.</summary>
    internal static void ExpectNone(IEnumerable<string> violations, string cure)
    {
        var all = violations.ToList();
        Assert.True(all.Count == 0, $"{cure}\n  {string.Join("\n  ", all)}");
    }

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(d => !Left.Contains(Path.GetFileName(d))).SelectMany(Walk));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Framework.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Framework.sln was not found above the tests.");
    }
}
