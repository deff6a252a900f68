using System.Globalization;
using Daybook.Servers.Debian;
using Daybook.Servers.Processes;

namespace Bank.Tests.Running;

/// <summary>A real file system of a given size, mounted for a test and unmounted after it. Needs Linux and the right to mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("bank-disk-").FullName;
    private bool _isMounted;

    private SmallDisk()
    {
    }

    /// <summary>Where the program is told to keep its book.</summary>
    public string Data => Path.Combine(_path, "book");

    /// <summary>Mounts a disk, or skips the test with the reason.</summary>
    public static async Task<SmallDisk> MountAsync(long bytes)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "A small disk is mounted as tmpfs, which only Linux has.");
        var disk = new SmallDisk();
        var (code, error) = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Number(bytes)}", "daybook-bank-test", disk._path);
        disk._isMounted = code == 0;
        if (!disk._isMounted)
            await disk.DisposeAsync();
        Skip.IfNot(disk._isMounted, $"A file system cannot be mounted here: {error.Trim()}");
        return disk;
    }

    /// <summary>Gives the disk another size; what is on it stays.</summary>
    public Task ResizeAsync(long bytes) => RemountAsync($"size={Number(bytes)}");

    public Task MakeReadOnlyAsync() => RemountAsync("ro");

    public Task MakeWritableAsync() => RemountAsync("rw");

    /// <summary>Runs the program on this disk, in a process of its own.</summary>
    public Task<BankRun> BankAsync(params string[] args) => BankProcess.RunAsync(Path.GetTempPath(), [.. args, "--data", Data]);

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            var (code, error) = await RunAsync("umount", "--lazy", _path);
            if (code != 0)
                throw new InvalidOperationException($"'{_path}' is still mounted: {error}");
        }
        _isMounted = false;
        Directory.Delete(_path);
    }

    private async Task RemountAsync(string options)
    {
        var (code, error) = await RunAsync("mount", "-o", $"remount,{options}", _path);
        if (code != 0)
            throw new InvalidOperationException($"'{_path}' cannot be mounted again with '{options}': {error}");
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static async Task<(int Code, string Error)> RunAsync(string program, params string[] args)
    {
        try
        {
            var run = await Tool.RunAsync(program, args);
            return (run.ExitCode, run.Error);
        }
        catch (MissingToolException missing)
        {
            return (-1, missing.Message);
        }
    }
}
