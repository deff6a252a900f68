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
            return tls is null ? plain : await EncryptAsync(plain, host, tls, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> EncryptAsync(
        NetworkStream plain, DnsEndPoint host, SslClientAuthenticationOptions tls, CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(plain);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = tls.TargetHost ?? host.Host,
            ClientCertificates = tls.ClientCertificates,
            LocalCertificateSelectionCallback = tls.LocalCertificateSelectionCallback,
            RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
            CertificateChainPolicy = tls.CertificateChainPolicy,
            CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
            EnabledSslProtocols = tls.EnabledSslProtocols,
            CipherSuitesPolicy = tls.CipherSuitesPolicy,
        };
        await encrypted.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        return encrypted;
    }
}
