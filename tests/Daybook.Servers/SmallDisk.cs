using System.Globalization;
using Daybook.Servers.Debian;
using Daybook.Servers.Processes;

namespace Daybook.Servers;

/// <summary>A real file system of a given size, mounted for a test and unmounted after it. Needs Linux and the right to mount.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("daybook-disk-").FullName;
    private bool _isMounted;

    private SmallDisk()
    {
    }

    /// <summary>A folder on it, for its creator.</summary>
    public string Data => Path.Combine(_path, "data");

    /// <summary>Mounts a disk.</summary>
    /// <exception cref="MissingToolException">It cannot be mounted here.</exception>
    public static async Task<SmallDisk> MountAsync(long bytes)
    {
        if (!OperatingSystem.IsLinux())
            throw new MissingToolException("A small disk is mounted as tmpfs, which only Linux has.");
        var disk = new SmallDisk();
        var (code, error) = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Number(bytes)}", "daybook-test", disk._path);
        disk._isMounted = code == 0;
        if (disk._isMounted)
            return disk;
        await disk.DisposeAsync();
        throw new MissingToolException($"A file system cannot be mounted here: {error.Trim()}");
    }

    /// <summary>Gives the disk another size; what is on it stays.</summary>
    public Task ResizeAsync(long bytes) => RemountAsync($"size={Number(bytes)}");

    /// <summary>Nothing can be written on it any more.</summary>
    public Task MakeReadOnlyAsync() => RemountAsync("ro");

    /// <summary>It can be written on again.</summary>
    public Task MakeWritableAsync() => RemountAsync("rw");

    /// <inheritdoc/>
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
