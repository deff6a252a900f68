using System.Collections.Concurrent;
using Daybook.Servers.Processes;

namespace Daybook.Servers.Debian;

/// <summary>Programs and files of Debian packages that tests run or compare with; installed on first use where that is possible.</summary>
public static class DebianTool
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string?>>> s_installs = new();

    /// <summary>Makes sure that a program or file is there.</summary>
    /// <param name="program">The name of a program on PATH, or the full path of a file.</param>
    /// <param name="package">The Debian package that has it; installed once per process, when this process is root.</param>
    /// <exception cref="MissingToolException">It is not there and cannot be installed.</exception>
    public static async Task RequireAsync(string program, string package)
    {
        if (Exists(program))
            return;
        var failure = await s_installs.GetOrAdd(package, name => new Lazy<Task<string?>>(() => InstallAsync(program, name))).Value;
        if (!Exists(program))
            throw new MissingToolException($"'{program}' (Debian package '{package}') is not installed and cannot be installed here: {failure ?? "the package lacks it"}.");
    }

    /// <summary>Where a program is found on PATH, or the path itself if it is one.</summary>
    /// <returns><see langword="null"/> if it is not there.</returns>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static bool Exists(string program) => Find(program) is not null;

    // The test projects run in separate processes, in parallel; apt-get runs in one at a time.
    private static async Task<string?> InstallAsync(string program, string package)
    {
        if (!Exists("apt-get"))
            return "there is no apt-get";
        if (Environment.UserName != "root")
            return "apt-get needs root";
        using var alone = await FileLock.AcquireAsync(Path.Combine(Path.GetTempPath(), "daybook-apt.lock"));
        if (Exists(program))
            return null;
        var update = await AptAsync("update", "-qq");
        var install = await AptAsync("install", "-y", "-qq", "--no-install-recommends", package);
        return install.ExitCode == 0 ? null : $"apt-get failed: {update.Error.Trim()} {install.Error.Trim()}";
    }

    private static Task<ToolRun> AptAsync(params string[] args) => Tool.RunAsync(
        "env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300", .. args]);
}
