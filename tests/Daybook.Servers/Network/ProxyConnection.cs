using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Daybook.Servers.Network;

/// <summary>A client's connection and the proxy's own to the server, and the bytes between them.</summary>
internal sealed class ProxyConnection(Socket client, Socket server, DirectionFaults toServer, DirectionFaults toClient)
{
    private const int ChunkBytes = 16 * 1024;
    private const int ChunksOnTheWay = 256;

    private readonly CancellationTokenSource _cut = new();

    /// <summary>Passes bytes on until both sides have ended or the connection is cut.</summary>
    internal async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(PassAsync(client, server, toServer), PassAsync(server, client, toClient));
        }
        finally
        {
            Cut();
        }
    }

    /// <summary>Resets both sides, dropping bytes in flight.</summary>
    internal void Cut()
    {
        _cut.Cancel();
        Reset(client);
        Reset(server);
    }

    /// <summary>FIN to one side; the other direction goes on.</summary>
    internal void HalfClose(ProxyDirection direction) => ShutDown(direction == ProxyDirection.ToServer ? server : client);

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
        }
        socket.Dispose();
    }

    private static void ShutDown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task PassAsync(Socket from, Socket to, DirectionFaults faults)
    {
        var onTheWay = Channel.CreateBounded<(byte[] Bytes, long Since)>(ChunksOnTheWay);
        try
        {
            await Task.WhenAll(ReadAsync(from, onTheWay.Writer), WriteAsync(onTheWay.Reader, to, faults));
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Cut();
        }
    }

    private async Task ReadAsync(Socket from, ChannelWriter<(byte[] Bytes, long Since)> onTheWay)
    {
        var buffer = new byte[ChunkBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, _cut.Token) is > 0 and var read)
                await onTheWay.WriteAsync((buffer[..read], Stopwatch.GetTimestamp()), _cut.Token);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            Cut();
        }
        finally
        {
            onTheWay.Complete();
        }
    }

    private async Task WriteAsync(ChannelReader<(byte[] Bytes, long Since)> onTheWay, Socket to, DirectionFaults faults)
    {
        await foreach (var (bytes, since) in onTheWay.ReadAllAsync(_cut.Token))
        {
            if (faults.Delay - Stopwatch.GetElapsedTime(since) is { Ticks: > 0 } rest)
                await Task.Delay(rest, _cut.Token);
            await faults.Open.WaitAsync(_cut.Token);
            var (allowed, isCut) = faults.Allow(bytes.Length);
            for (var sent = 0; sent < allowed;)
                sent += await to.SendAsync(bytes.AsMemory(sent, allowed - sent), _cut.Token);
            faults.Count(allowed);
            if (isCut)
                Cut();
        }
        await faults.Open.WaitAsync(_cut.Token);
        ShutDown(to);
    }
}
