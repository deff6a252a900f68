using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Daybook.Servers.ZooKeeper;

/// <summary>The commands of four letters that a ZooKeeper server answers on its client port.</summary>
public static class FourLetterWord
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends a command such as <c>srvr</c> or <c>mntr</c> to a server on the loopback address.</summary>
    /// <param name="port">Its client port.</param>
    /// <param name="word">The command.</param>
    /// <param name="atMost">How long to wait for the answer; 10 s by default. A server that is starting may never give one.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The answer; empty if the server cannot be reached or does not answer in time.</returns>
    public static async Task<string> SendAsync(int port, string word, TimeSpan? atMost = null, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(atMost ?? s_patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(word), patience.Token);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(patience.Token);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return "";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "";
        }
    }
}
