using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;

namespace Daybook.BookKeeper.Tests.Connections;

public sealed class EncryptionTests
{
    private static SslClientAuthenticationOptions Trusting(X509Certificate2 certificate) => new()
    {
        TargetHost = "bookie",
        RemoteCertificateValidationCallback = (_, given, _, _) => given!.GetCertHashString() == certificate.Thumbprint,
    };

    [Fact]
    public async Task Encrypted_connection_begins_with_start_tls_and_carries_requests()
    {
        using var certificate = Certificate();
        await using var bookie = new FakeBookie(certificate);
        await using var asker = new Asker(o => o with { Tls = Trusting(certificate) }, bookie);
        for (var i = 0; i < 3; i++)
            asker.Add(bookie, i, i);
        foreach (var request in await bookie.NextAsync(3))
        {
            Assert.True(request.Connection.IsEncrypted);
            await request.AnswerAsync();
        }
        Assert.All(await asker.StatusesAsync(3), status => Assert.Equal(BookieStatus.Ok, status));
    }

    [Fact]
    public async Task Certificate_that_is_not_trusted_is_unreachable_and_nothing_is_sent()
    {
        using var certificate = Certificate();
        using var another = Certificate();
        await using var bookie = new FakeBookie(certificate);
        await using var asker = new Asker(o => o with { Tls = Trusting(another) }, bookie);
        asker.Add(bookie, 0);

        Assert.Equal(BookieStatus.Unreachable, (await asker.NextAsync()).Status);
        Assert.Equal(0, bookie.Unread);
    }

    [Fact]
    public async Task Bookie_that_refuses_to_encrypt_gets_nothing_in_the_clear()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Tls = new() }, bookie);
        asker.Add(bookie, 0);
        var request = await bookie.NextAsync();
        Assert.Equal(OperationType.StartTls, request.V3!.Value.Header.Operation);
        await request.AnswerAsync(r => r.Status = StatusCode.Ebadreq);

        Assert.Equal(BookieStatus.Malformed, (await asker.NextAsync()).Status);
        await request.Connection.Closed;
        Assert.Equal(0, bookie.Unread);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var now = DateTimeOffset.UtcNow;
        return new CertificateRequest("CN=bookie", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
