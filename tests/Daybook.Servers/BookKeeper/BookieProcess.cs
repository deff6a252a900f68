using Daybook.Servers.Debian;
using Daybook.Servers.Processes;

namespace Daybook.Servers.BookKeeper;

/// <summary>
/// Daybook's own bookie, as built, in a separate process on a free loopback port, with its data in a temporary folder that outlives kills
/// and restarts.
/// </summary>
public sealed class BookieProcess : IAsyncDisposable
{
    private const string Program = "Daybook.Bookie.dll";

    private readonly TemporaryFolder _folder = new();
    private readonly FreePorts _ports = new();
    private readonly string? _zooKeeper;
    private ServerProcess? _process;

    private BookieProcess(string? zooKeeper, string? data, IReadOnlyList<string> options)
    {
        (_zooKeeper, Data, Options) = (zooKeeper, data ?? _folder["bookie"], options);
        Port = _ports.Take();
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>What clients call it: <c>127.0.0.1:port</c>.</summary>
    public string Id => $"127.0.0.1:{Port}";

    /// <summary>Its data.</summary>
    public string Data { get; }

    /// <summary>Further options for its command line, from the next start on.</summary>
    public IReadOnlyList<string> Options { get; set; }

    /// <summary>The last lines it wrote.</summary>
    public string Log => _process?.OutputTail ?? "";

    /// <summary>Whether the process runs, be it frozen.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The process id.</summary>
    public int ProcessId => Running().Id;

    /// <summary>Starts a bookie and waits until it serves. A cluster that is not there yet is laid out.</summary>
    /// <param name="zooKeeper">Its ZooKeeper, perhaps with a chroot; null for a bookie that stands alone.</param>
    /// <param name="options">Further options for the command line, such as <c>--gc-seconds 1</c>.</param>
    /// <exception cref="MissingToolException">The bookie was not built.</exception>
    /// <exception cref="InvalidOperationException">It ended instead of serving.</exception>
    public static Task<BookieProcess> StartAsync(string? zooKeeper = null, params IReadOnlyList<string> options) => StartOnAsync(null, zooKeeper, options);

    /// <summary>Starts a bookie on its own disk and waits until it serves.</summary>
    /// <param name="data">Its folder, which stays; null for a temporary one.</param>
    /// <param name="zooKeeper">As for <see cref="StartAsync"/>.</param>
    /// <param name="options">As for <see cref="StartAsync"/>.</param>
    public static async Task<BookieProcess> StartOnAsync(string? data, string? zooKeeper, params IReadOnlyList<string> options)
    {
        var bookie = new BookieProcess(zooKeeper, data, options);
        try
        {
            await bookie.RestartAsync();
            return bookie;
        }
        catch
        {
            await bookie.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs another command of the bookie's program to its end.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    public static Task<ToolRun> RunAsync(params IReadOnlyList<string> args) => Tool.RunAsync("dotnet", ["exec", FindProgram(), .. args]);

    /// <summary>Starts it on its port and data, killing it first if it runs, and waits until it serves.</summary>
    /// <exception cref="InvalidOperationException">It ended instead of serving; the message has its last lines.</exception>
    public async Task RestartAsync()
    {
        await KillAsync();
        IReadOnlyList<string> place = _zooKeeper is null ? ["--no-zk"] : ["--zk", _zooKeeper, "--format"];
        _process = ServerProcess.Start("dotnet", ["exec", FindProgram(), "--data", Data, "--port", $"{Port}", .. place, .. Options]);
        await _process.ReadLineAsync($"bookie {Id} serves");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }

    /// <summary>SIGTERM: the bookie takes its node away, writes what it accepted and ends.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        Running().Terminate();
        return await Running().WaitForExitAsync();
    }

    /// <summary>SIGSTOP: its connections stay, nothing is answered.</summary>
    public Task PauseAsync() => Running().PauseAsync();

    /// <summary>SIGCONT.</summary>
    public void Resume() => Running().Resume();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _ports.Dispose();
        _folder.Dispose();
    }

    private ServerProcess Running() => _process ?? throw new InvalidOperationException("The bookie does not run.");

    /// <summary>Beside the tests, where their project references the bookie; else where its own project was built last.</summary>
    private static string FindProgram()
    {
        var beside = Path.Combine(AppContext.BaseDirectory, Program);
        if (File.Exists(beside) && File.Exists(Path.ChangeExtension(beside, ".runtimeconfig.json")))
            return beside;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Framework.sln")))
            folder = folder.Parent;
        var built = folder is null ? [] : Directory.GetFiles(Path.Combine(folder.FullName, "src/Daybook.Bookie/bin"), Program, SearchOption.AllDirectories);
        return built.OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault()
            ?? throw new MissingToolException("The bookie is not built; build src/Daybook.Bookie.");
    }
}
