using System.Net.Security;

namespace Daybook.ZooKeeper.Connecting;

/// <summary>Encrypts what is sent to a server, by options that several connections share.</summary>
internal static class TlsStreams
{
    public static async Task<Stream> EncryptAsync(
        Stream plain, string host, SslClientAuthenticationOptions tls, CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(plain);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = tls.TargetHost ?? host,
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
