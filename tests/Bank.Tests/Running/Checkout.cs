namespace Bank.Tests.Running;

/// <summary>The working copy of the repository that these tests were built in.</summary>
internal static class Checkout
{
    private static readonly Lazy<string> s_root = new(() =>
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Framework.sln")))
            folder = folder.Parent;
        return folder.FullName;
    });

    /// <summary>The full path of a file or folder.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([s_root.Value, .. parts]);

    /// <summary>The text of a file.</summary>
    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));
}
