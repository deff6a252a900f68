using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Daybook.ZooKeeper.Connecting;

/// <summary>Opens a stream of bytes to a server, encrypted if so configured.</summary>
internal static class Transport
{
    public static async Task<Stream> OpenAsync(DnsEndPoint host, SslClientAuthenticationOptions? tls, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, cancellationToken).ConfigureAwait(false);
            var plain = new NetworkStream(socket, ownsSocket: true);
            return tls is null ? plain : await TlsStreams.EncryptAsync(plain, host.Host, tls, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
