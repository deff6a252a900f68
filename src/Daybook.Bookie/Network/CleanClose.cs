using System.Net.Sockets;

namespace Daybook.Bookie.Network;

/// <summary>
/// Closes connections so that the client reads what was answered and then the end. A socket that is closed with bytes unread resets the connection, and the
/// client loses answers that it had not read yet.
/// </summary>
internal static class CleanClose
{
    private const int ChunkSize = 4096;

    /// <summary>Ends the sending half, then takes in and drops what still comes, until the client has closed its half or the patience is at its end. Never throws.</summary>
    public static async Task RunAsync(Socket socket, TimeSpan patience)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            using var late = new CancellationTokenSource(patience);
            var dropped = new byte[ChunkSize];
            while (await socket.ReceiveAsync(dropped, SocketFlags.None, late.Token).ConfigureAwait(false) > 0)
            {
                // Nobody answers this any more.
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone, or goes on sending: it is cut off.
        }
        finally
        {
            socket.Dispose();
        }
    }
}
