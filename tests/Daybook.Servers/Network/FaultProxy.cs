using System.Net;
using System.Net.Sockets;
using Daybook.Servers.Processes;

namespace Daybook.Servers.Network;

/// <summary>
/// A TCP proxy on the loopback address between clients and one server, for what networks do: cut, close one way, delay, lose, refuse.
/// Without a fault it passes bytes on as they come. Its port stays the same for its whole life.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly FreePorts _ports = new();
    private readonly IPEndPoint _server;
    private readonly HashSet<ProxyConnection> _open = [];
    private readonly DirectionFaults _toServer = new();
    private readonly DirectionFaults _toClient = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _accepted;

    private FaultProxy(IPEndPoint server)
    {
        _server = server;
        Port = _ports.Take();
    }

    /// <summary>Where clients connect, on the loopback address.</summary>
    public int Port { get; }

    /// <summary>The same as a connect string: <c>127.0.0.1:port</c>.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>How many connections have been accepted since the start.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many connections are open now.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
                return _open.Count;
        }
    }

    /// <summary>How much longer each run of bytes is on its way, each way; none by default. Order and throughput stay.</summary>
    public TimeSpan Delay
    {
        get => _toServer.Delay;
        set => (_toServer.Delay, _toClient.Delay) = (value, value);
    }

    /// <summary>Starts a proxy for a server on the loopback address.</summary>
    /// <param name="serverPort">The port of the server, which need not run yet.</param>
    public static FaultProxy Start(int serverPort)
    {
        var proxy = new FaultProxy(new IPEndPoint(IPAddress.Loopback, serverPort));
        proxy.AcceptConnections();
        return proxy;
    }

    /// <summary>How many bytes have been passed on, one way, over all connections.</summary>
    public long BytesPassed(ProxyDirection direction) => Faults(direction).Bytes;

    /// <summary>RST to both sides of every open connection; what is on its way is lost. New connections are accepted.</summary>
    public void CutAll()
    {
        foreach (var connection in Connections())
            connection.Cut();
    }

    /// <summary>FIN one way on every open connection: that side reads an end of stream, the other direction goes on.</summary>
    public void HalfClose(ProxyDirection direction)
    {
        foreach (var connection in Connections())
            connection.HalfClose(direction);
    }

    /// <summary>Holds all bytes in one direction, like a network that lost its link: neither side is notified. New connections are
    /// accepted.</summary>
    public void Hold(ProxyDirection direction) => Faults(direction).Hold();

    /// <summary>Lets bytes go again; those that were held go first, in order, if their connection is still open.</summary>
    public void Release(ProxyDirection direction) => Faults(direction).Release();

    /// <summary>A partition: holds all bytes both ways.</summary>
    public void HoldAll()
    {
        Hold(ProxyDirection.ToServer);
        Hold(ProxyDirection.ToClient);
    }

    /// <summary>Ends a partition.</summary>
    public void ReleaseAll()
    {
        Release(ProxyDirection.ToServer);
        Release(ProxyDirection.ToClient);
    }

    /// <summary>Cuts, once, the connection that passes the last of the given number of bytes from now on; no further byte goes that
    /// way.</summary>
    /// <param name="direction">Which bytes count.</param>
    /// <param name="bytes">How many, from 1.</param>
    public void DropAfter(ProxyDirection direction, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        Faults(direction).DropAfter(bytes);
    }

    /// <summary>New connections are refused, as by a host without the server; open ones go on.</summary>
    public async Task RefuseConnectionsAsync()
    {
        _listener?.Dispose();
        _listener = null;
        await _accepting;
    }

    /// <summary>New connections are accepted again.</summary>
    public void AcceptConnections()
    {
        if (_listener is not null)
            return;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen();
        _accepting = AcceptAsync(_listener);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RefuseConnectionsAsync();
        CutAll();
        _ports.Dispose();
    }

    private DirectionFaults Faults(ProxyDirection direction) => direction == ProxyDirection.ToServer ? _toServer : _toClient;

    private ProxyConnection[] Connections()
    {
        lock (_gate)
            return [.. _open];
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptAsync());
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        client.NoDelay = true;
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var connection = new ProxyConnection(client, server, _toServer, _toClient);
        lock (_gate)
            _open.Add(connection);
        Interlocked.Increment(ref _accepted);
        try
        {
            await server.ConnectAsync(_server);
            await connection.RunAsync();
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            connection.Cut();
        }
        finally
        {
            lock (_gate)
                _open.Remove(connection);
        }
    }
}
