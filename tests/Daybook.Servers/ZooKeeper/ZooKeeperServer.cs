using Daybook.Servers.Processes;

namespace Daybook.Servers.ZooKeeper;

/// <summary>A real ZooKeeper server in a separate process, on free loopback ports, with its data in a temporary folder.</summary>
public sealed class ZooKeeperServer : IAsyncDisposable
{
    private static readonly TimeSpan s_modePatience = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FreePorts _ports = new();
    private readonly IReadOnlyList<string> _command;
    private ServerProcess? _process;

    internal ZooKeeperServer(ZooKeeperServerOptions options, int id, IReadOnlyDictionary<string, string> members)
    {
        Port = _ports.Take();
        if (options.Tls)
            (Certificate, SecurePort) = (new ServerCertificate(), _ports.Take());
        _command = new ServerFiles(options, _folder, Certificate).Write(Port, SecurePort, id, members);
    }

    /// <summary>The port for clients, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The port for clients with TLS, if the options asked for one.</summary>
    public int? SecurePort { get; }

    /// <summary>What a client with TLS must trust, if the options asked for TLS.</summary>
    public ServerCertificate? Certificate { get; }

    /// <summary>What clients connect to: <c>127.0.0.1:port</c>.</summary>
    public string ConnectString => $"127.0.0.1:{Port}";

    /// <summary>The last lines of the server's log.</summary>
    public string Log => _process?.OutputTail ?? "";

    /// <summary>Whether the process runs, be it frozen.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts a server that stands alone, and waits until it serves.</summary>
    /// <exception cref="Debian.MissingToolException">ZooKeeper or Java is not on this machine and cannot be installed.</exception>
    public static async Task<ZooKeeperServer> StartAsync(ZooKeeperServerOptions? options = null)
    {
        await Java.RequireAsync();
        var server = new ZooKeeperServer(options ?? new ZooKeeperServerOptions(), 0, new Dictionary<string, string>());
        try
        {
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a command of four letters.</summary>
    /// <returns>The answer; empty if the server does not run or is frozen.</returns>
    public Task<string> FourLetterAsync(string word, CancellationToken cancellationToken = default) =>
        FourLetterWord.SendAsync(Port, word, cancellationToken: cancellationToken);

    /// <summary>
    /// The mode that the server reports: <c>standalone</c>, <c>leader</c>, <c>follower</c>, <c>read-only</c>, or nothing while it does not
    /// serve or does not answer within a second.
    /// </summary>
    public async Task<string> ModeAsync()
    {
        const string Mode = "Mode: ";
        var lines = (await FourLetterWord.SendAsync(Port, "srvr", s_modePatience)).Split('\n');
        return lines.FirstOrDefault(line => line.StartsWith(Mode, StringComparison.Ordinal))?[Mode.Length..].Trim() ?? "";
    }

    /// <summary>Kills the server with SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }

    /// <summary>Starts the server on its ports and data, killing it first if it runs, and waits until it serves.</summary>
    public async Task RestartAsync()
    {
        await LaunchAsync();
        await ServingAsync();
    }

    /// <summary>Freezes the server with SIGSTOP: connections stay, nothing is answered.</summary>
    public Task PauseAsync() => Running().PauseAsync();

    /// <summary>Lets a frozen server go on.</summary>
    public void Resume() => Running().Resume();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Certificate?.Dispose();
        _ports.Dispose();
        _folder.Dispose();
    }

    internal async Task LaunchAsync()
    {
        await KillAsync();
        _process = ServerProcess.Start("java", _command, _folder.Path);
    }

    internal async Task ServingAsync()
    {
        try
        {
            await Wait.UntilAsync(async () => !IsRunning || await ModeAsync() != "", "the ZooKeeper server served");
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"{late.Message} Its log ends:\n{Log}", late);
        }
        if (!IsRunning)
            throw new InvalidOperationException($"The ZooKeeper server ended before it served. Its log ends:\n{Log}");
    }

    private ServerProcess Running() => _process ?? throw new InvalidOperationException("The ZooKeeper server does not run.");
}
