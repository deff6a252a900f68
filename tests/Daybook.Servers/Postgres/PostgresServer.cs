using System.Net.Sockets;
using Daybook.Servers.Processes;

namespace Daybook.Servers.Postgres;

/// <summary>
/// A real PostgreSQL server in separate processes, on a free loopback port, with its data in a temporary folder. Who connects from this
/// machine is trusted; the superuser is <c>postgres</c>.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FreePorts _ports = new();
    private readonly PostgresServerOptions _options;
    private string _postgres = "";
    private ServerProcess? _process;

    private PostgresServer(PostgresServerOptions options)
    {
        _options = options;
        Port = _ports.Take();
    }

    /// <summary>The port, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>What clients connect with, as the superuser to the database <c>postgres</c>.</summary>
    public string ConnectionString => ConnectionStringTo("postgres");

    /// <summary>The last lines of the server's log.</summary>
    public string Log => _process?.OutputTail ?? "";

    /// <summary>Whether the server runs.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The process id of the postmaster; fails when it does not run.</summary>
    public int Id => Running().Id;

    /// <summary>Makes a new cluster, starts the server on it and waits until it takes connections.</summary>
    /// <exception cref="Debian.MissingToolException">PostgreSQL is not on this machine and cannot be installed.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions? options = null)
    {
        var server = new PostgresServer(options ?? new PostgresServerOptions());
        try
        {
            await server.InitializeAsync();
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>What clients connect with, to one database of the server.</summary>
    /// <param name="database">The database.</param>
    /// <param name="user">The user; the superuser by default.</param>
    public string ConnectionStringTo(string database, string user = "postgres") =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={user}";

    /// <summary>Kills the server and every process of it with SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        var children = ProcessTree.ChildrenOf(process.Id);
        await process.DisposeAsync();
        await ProcessTree.KillAsync(children);
        _process = null;
    }

    /// <summary>Starts the server on its port and data, killing it first if it runs, and waits until it takes connections.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        var (program, args) = Unprivileged.Command(_postgres, [.. _options.Arguments(Port, _folder["data"])]);
        _process = ServerProcess.Start(program, args);
        try
        {
            await Wait.UntilAsync(async () => !IsRunning || await ServesAsync(), "the PostgreSQL server took connections");
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"{late.Message} Its log ends:\n{Log}", late);
        }
        if (!IsRunning)
            throw new InvalidOperationException($"The PostgreSQL server ended before it took connections. Its log ends:\n{Log}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _ports.Dispose();
        _folder.Dispose();
    }

    private async Task InitializeAsync()
    {
        var initdb = await PostgresBinaries.RequireAsync("initdb");
        _postgres = await PostgresBinaries.RequireAsync("postgres");
        await Unprivileged.GiveAsync(_folder.Path);
        var (program, args) = Unprivileged.Command(initdb,
            ["-D", _folder["data"], "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]);
        (await Tool.RunAsync(program, args)).Succeeded();
    }

    // A postmaster answers an SSL request with one byte once it takes connections at all; while it recovers it answers too, so what
    // is asked is a whole start-up message: 'R' means that it lets the user in, 'E' that it does not yet.
    private async Task<bool> ServesAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            var stream = client.GetStream();
            await stream.WriteAsync(StartupMessage());
            var kind = new byte[1];
            return await stream.ReadAsync(kind) == 1 && kind[0] == (byte)'R';
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }

    // https://www.postgresql.org/docs/15/protocol-message-formats.html, StartupMessage: length, version 3.0, names and values, each ended by 0.
    private static byte[] StartupMessage()
    {
        byte[] body = [0, 3, 0, 0, .. "user\0postgres\0database\0postgres\0\0"u8];
        return [0, 0, 0, (byte)(body.Length + 4), .. body];
    }

    private ServerProcess Running() => _process ?? throw new InvalidOperationException("The PostgreSQL server does not run.");
}
