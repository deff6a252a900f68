using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Daybook.Servers;
using Daybook.Servers.Network;

namespace Daybook.ZooKeeper.Tests.Servers;

public sealed class FaultProxyTests : IAsyncLifetime
{
    private readonly EchoServer _server = new();
    private readonly FaultProxy _proxy;

    public FaultProxyTests() => _proxy = FaultProxy.Start(_server.Port);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Without_a_fault_bytes_come_back_as_they_went()
    {
        var sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);
        using var client = await ConnectAsync();

        var sending = SendAsync(client, sent);
        Assert.Equal(sent, await ReceiveAsync(client, sent.Length));
        await sending;

        Assert.Equal((1, 1), (_proxy.Accepted, _proxy.Open));
        Assert.Equal(sent.Length, _proxy.BytesPassed(ProxyDirection.ToServer));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await client.ReceiveAsync(new byte[1]));
        await Wait.UntilAsync(() => _proxy.Open == 0, "the connection was closed");
    }

    [Fact]
    public async Task CutAll_resets_the_open_connections_and_takes_new_ones()
    {
        using var first = await EchoingAsync();

        _proxy.CutAll();

        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(first, 1))).SocketErrorCode);
        using var second = await EchoingAsync();
        Assert.Equal(2, _proxy.Accepted);
    }

    [Fact]
    public async Task HalfClose_to_the_client_ends_its_stream_while_its_requests_go_on()
    {
        using var client = await EchoingAsync();

        _proxy.HalfClose(ProxyDirection.ToClient);

        Assert.Equal(0, await client.ReceiveAsync(new byte[1]));
        var before = _server.Received;
        await SendAsync(client, new byte[10]);
        await Wait.UntilAsync(() => _server.Received == before + 10, "the server had the bytes");
    }

    [Fact]
    public async Task HalfClose_to_the_server_ends_its_stream_and_the_last_replies_come()
    {
        using var client = await EchoingAsync();

        _proxy.HalfClose(ProxyDirection.ToServer);

        Assert.Equal(0, await client.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task Delay_holds_every_byte_back_for_so_long_each_way()
    {
        using var client = await EchoingAsync();
        _proxy.Delay = TimeSpan.FromMilliseconds(100);

        var start = Stopwatch.GetTimestamp();
        await SendAsync(client, [1]);
        await ReceiveAsync(client, 1);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromMilliseconds(195), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Held_replies_come_when_they_are_released()
    {
        using var client = await EchoingAsync();
        var before = _server.Received;
        _proxy.Hold(ProxyDirection.ToClient);

        await SendAsync(client, [1, 2, 3]);
        var reply = ReceiveAsync(client, 3);
        await Wait.UntilAsync(() => _server.Received == before + 3, "the server had the bytes");
        Assert.NotSame(reply, await Task.WhenAny(reply, Task.Delay(TimeSpan.FromMilliseconds(100))));

        _proxy.Release(ProxyDirection.ToClient);
        Assert.Equal([1, 2, 3], await reply);
    }

    [Fact]
    public async Task Held_requests_do_not_reach_the_server_until_they_are_released()
    {
        using var client = await EchoingAsync();
        var before = _server.Received;
        _proxy.HoldAll();
        using var late = await ConnectAsync();

        await SendAsync(client, [1, 2, 3]);
        await SendAsync(late, [4]);
        await Wait.UntilAsync(() => _proxy.Open == 2, "the proxy had taken both connections");
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        Assert.Equal(before, _server.Received);

        _proxy.ReleaseAll();
        Assert.Equal([1, 2, 3], await ReceiveAsync(client, 3));
        Assert.Equal([4], await ReceiveAsync(late, 1));
    }

    [Fact]
    public async Task What_is_held_is_lost_when_the_connection_is_cut()
    {
        using var client = await EchoingAsync();
        var before = _server.Received;
        _proxy.Hold(ProxyDirection.ToServer);
        await SendAsync(client, [1, 2, 3]);

        _proxy.CutAll();
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(client, 1));
        _proxy.Release(ProxyDirection.ToServer);

        using var next = await EchoingAsync();
        Assert.Equal(before + 1, _server.Received);
    }

    [Theory]
    [InlineData(ProxyDirection.ToServer)]
    [InlineData(ProxyDirection.ToClient)]
    public async Task DropAfter_passes_the_given_bytes_and_cuts_once(ProxyDirection direction)
    {
        using var client = await EchoingAsync();
        var before = (_proxy.BytesPassed(direction), _server.Received);
        _proxy.DropAfter(direction, 7);

        await SendAsync(client, new byte[4]);
        await ReceiveAsync(client, 4);
        await SendAsync(client, new byte[10]);
        await Wait.UntilAsync(() => _proxy.Open == 0, "the connection was cut");

        Assert.Equal(7, _proxy.BytesPassed(direction) - before.Item1);
        if (direction == ProxyDirection.ToServer)
            await Wait.UntilAsync(() => _server.Received == before.Received + 7, "the server had the bytes before the cut");
        else
            Assert.Equal(3, (await ReceiveAsync(client, 3)).Length);
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(client, 1));
        using var next = await EchoingAsync();
    }

    [Fact]
    public async Task RefuseConnections_refuses_new_ones_and_leaves_open_ones()
    {
        using var client = await EchoingAsync();

        await _proxy.RefuseConnectionsAsync();

        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(ConnectAsync)).SocketErrorCode);
        await SendAsync(client, [5]);
        Assert.Equal([5], await ReceiveAsync(client, 1));
        _proxy.AcceptConnections();
        using var next = await EchoingAsync();
    }

    [Fact]
    public async Task A_server_that_is_not_there_resets_the_client()
    {
        _server.Dispose();

        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var client = await ConnectAsync();
            await ReceiveAsync(client, 1);
        });
        await Wait.UntilAsync(() => _proxy.Open == 0, "the connection was cut");
    }

    private static async Task SendAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent));
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(read), patience.Token);
            read += more > 0 ? more : throw new EndOfStreamException($"The stream ended after {read} of {count} bytes.");
        }
        return bytes;
    }

    private async Task<Socket> EchoingAsync()
    {
        var client = await ConnectAsync();
        await SendAsync(client, [42]);
        Assert.Equal([42], await ReceiveAsync(client, 1));
        return client;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _proxy.Port));
        return socket;
    }
}
