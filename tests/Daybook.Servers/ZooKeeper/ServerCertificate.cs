using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Daybook.Servers.ZooKeeper;

/// <summary>A certification authority made for a test, and a server's certificate for localhost and 127.0.0.1 signed by it.</summary>
public sealed class ServerCertificate : IDisposable
{
    private static readonly TimeSpan s_validity = TimeSpan.FromDays(1);

    private readonly X509Certificate2 _server;

    /// <summary>Makes both.</summary>
    public ServerCertificate()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Daybook test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Authority = authority.CreateSelfSigned(now - s_validity, now + s_validity);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var signed = server.Create(Authority, now - s_validity / 2, now + s_validity / 2, RandomNumberGenerator.GetBytes(8));
        _server = signed.CopyWithPrivateKey(key);
    }

    /// <summary>The certificate that a client must trust.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The authority's certificate as PEM text.</summary>
    public string AuthorityPem => Authority.ExportCertificatePem();

    /// <summary>The server's key and certificates as PEM text, as Java reads them.</summary>
    public string KeyStorePem
    {
        get
        {
            using var key = _server.GetECDsaPrivateKey()!;
            return string.Join('\n', key.ExportPkcs8PrivateKeyPem(), _server.ExportCertificatePem(), AuthorityPem, "");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Authority.Dispose();
        _server.Dispose();
    }
}
