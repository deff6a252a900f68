namespace Daybook.Testing.Tests;

/// <summary>Data that lies beside the repository and is not part of it.</summary>
internal static class SharedFolder
{
    private const string Variable = "DAYBOOK_SHARED";

    /// <summary>The path of something in the shared folder; skips the test where it is absent.</summary>
    public static string Require(params string[] path)
    {
        var found = Candidates().Select(root => Path.Combine([root, .. path])).FirstOrDefault(Path.Exists);
        Skip.If(found is null, $"{Path.Combine(path)} is neither in ../shared beside the repository nor in the folder that {Variable} names.");
        return found!;
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named) yield return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Framework.sln"))) yield return Path.Combine(folder.FullName, "..", "shared");
        }
    }
}
