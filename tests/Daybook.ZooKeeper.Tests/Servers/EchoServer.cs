using System.Net;
using System.Net.Sockets;

namespace Daybook.ZooKeeper.Tests.Servers;

/// <summary>A server that sends back what it gets, and counts it.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private long _received;

    public EchoServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public long Received => Interlocked.Read(ref _received);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = EchoAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        using var owned = socket;
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and var read)
            {
                Interlocked.Add(ref _received, read);
                for (var sent = 0; sent < read;)
                    sent += await socket.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (SocketException)
        {
        }
    }
}
