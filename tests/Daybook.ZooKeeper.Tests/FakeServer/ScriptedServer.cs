using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Daybook.ZooKeeper.Tests.FakeServer;

/// <summary>
/// A server that a test scripts, for behaviour that a real one does not show. The script runs once for each connection, which is closed
/// when it ends.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<FakeConnection, Task> _script;
    private readonly List<FakeConnection> _open = [];
    private readonly List<Task> _scripts = [];
    private readonly TaskCompletionSource _disposed = new();
    private readonly Task _accepting;
    private int _accepted;

    public ScriptedServer(Func<FakeConnection, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The answer to <c>isro</c>: rw or ro.</summary>
    public string Mode { get; set; } = "rw";

    /// <summary>Completes when the test is over: for scripts that hang.</summary>
    public Task Disposed => _disposed.Task;

    /// <summary>Connections of sessions so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <exception cref="Exception">A script failed otherwise than by the end of its connection.</exception>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _disposed.TrySetResult();
        lock (_open)
            _open.ForEach(connection => connection.Close());
        await Task.WhenAll(_scripts);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _scripts.Add(ServeAsync(await _listener.AcceptSocketAsync()));
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        try
        {
            var first = new byte[4];
            if (await socket.ReceiveAsync(first, SocketFlags.Peek) == 4 && Encoding.ASCII.GetString(first) == "isro")
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(Mode));
                return;
            }
            var connection = new FakeConnection(socket, Interlocked.Increment(ref _accepted) - 1);
            lock (_open)
                _open.Add(connection);
            await _script(connection);
            connection.Close();
        }
        catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException)
        {
        }
    }
}
