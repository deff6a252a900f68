using System.Diagnostics;

namespace Bank.Tests.Running;

/// <summary>A program of a Debian package that a test compares with; installed on first use where that is possible.</summary>
internal static class DebianTool
{
    private static readonly SemaphoreSlim s_installing = new(1);

    /// <summary>Makes sure that a program is there, or skips the test with the reason.</summary>
    public static async Task RequireAsync(string program, string package)
    {
        await s_installing.WaitAsync();
        try
        {
            if (!Exists(program) && Environment.UserName == "root" && Exists("apt-get"))
            {
                await RunAsync("apt-get", "update", "-qq");
                await RunAsync("apt-get", "install", "-y", "-qq", "--no-install-recommends", package);
            }
        }
        finally
        {
            s_installing.Release();
        }
        Skip.IfNot(Exists(program), $"'{program}' (Debian package '{package}') is not installed and cannot be installed here.");
    }

    /// <summary>Runs a program and returns what it writes.</summary>
    public static async Task<string> RunAsync(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await error;
        await process.WaitForExitAsync();
        return output;
    }

    private static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
