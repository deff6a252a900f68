using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Daybook.Servers.ZooKeeper;

/// <summary>The commands of four letters that a ZooKeeper server answers on its client port.</summary>
public static class FourLetterWord
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends a command such as <c>srvr</c> or <c>mntr</c> to a server on the loopback address.</summary>
    /// <returns>The answer; empty if the server cannot be reached or is frozen for 10 s.</returns>
    public static async Task<string> SendAsync(int port, string word, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
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
