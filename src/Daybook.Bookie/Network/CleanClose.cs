using System.Net.Sockets;

namespace Daybook.Bookie.Network;

/// <summary>
/// Closes connections so that the client can read all answers before the end of the stream. Closing a socket with unread bytes resets the
/// connection, and the client loses answers that it has not read yet.
/// </summary>
internal static class CleanClose
{
    private const int ChunkSize = 4096;

    /// <summary>Shuts down sending, then reads and drops input until the client closes its half or a timeout elapses. Never
    /// throws.</summary>
    public static async Task RunAsync(Socket socket, TimeSpan patience)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            using var late = new CancellationTokenSource(patience);
            var dropped = new byte[ChunkSize];
            while (await socket.ReceiveAsync(dropped, SocketFlags.None, late.Token).ConfigureAwait(false) > 0)
            {
                // Requests that arrive now are not answered.
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone, or keeps sending: the connection is cut.
        }
        finally
        {
            socket.Dispose();
        }
    }
}
