using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Daybook.Servers.Debian;
using Daybook.Servers.ZooKeeper;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>Servers that are killed, restarted and frozen.</summary>
public sealed class ServerFailureTests
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Session_outlives_a_server_that_is_killed_or_frozen_and_comes_back()
    {
        await using var server = await ZooKeeperServer.StartAsync(new ZooKeeperServerOptions { TickTime = TimeSpan.FromMilliseconds(100) });
        await using var client = await ZooKeeperClient.ConnectAsync(
            new ZooKeeperOptions(server.ConnectString) { SessionTimeout = TimeSpan.FromSeconds(12) });
        var session = client.SessionId;
        await client.CreateAsync("/mine", mode: CreateMode.Ephemeral);
        var missed = await client.ExistsAndWatchAsync("/never");
        var zxid = client.LastZxid;
        await server.KillAsync();
        await client.ReachesAsync(ZooKeeperState.Suspended);
        var waiting = client.SetAsync("/mine", new byte[] { 1 });
        await server.RestartAsync();
        Assert.Equal(1, (await waiting.WaitAsync(Clients.Patience)).Version);
        Assert.Equal((session, session), (client.SessionId, (await client.ExistsAsync("/mine"))!.EphemeralOwner));
        Assert.True(client.LastZxid > zxid);
        Assert.False(missed.Changed.IsCompleted);

        await server.PauseAsync();
        var lost = await client.SetAsync("/mine", new byte[] { 2 }).FailsAsync(ZooKeeperError.ConnectionLoss);
        Assert.True(lost.IsOutcomeUnknown);
        server.Resume();
        // The frozen server may have expired the session by its own clock; either way no call waits for ever.
        var after = await Record.ExceptionAsync(() => client.ExistsAsync("/mine").WaitAsync(Clients.Patience));
        Assert.True(after is null or ZooKeeperException { Error: ZooKeeperError.SessionExpired or ZooKeeperError.ConnectionLoss }, after?.ToString());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Port_for_TLS_serves_a_client_that_trusts_it_and_no_other()
    {
        await using var server = await ZooKeeperServer.StartAsync(new ZooKeeperServerOptions { Tls = true });
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(server.Certificate!.Authority);
        var options = new ZooKeeperOptions($"127.0.0.1:{server.SecurePort}") { ConnectTimeout = TimeSpan.FromSeconds(10) };
        await using (var client = await ZooKeeperClient.ConnectAsync(options with { Tls = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } }))
        {
            await client.CreateAsync("/a", new byte[300_000]);
            Assert.Equal(300_000, (await client.GetAsync("/a")).Data.Length);
        }
        var quick = options with { ConnectTimeout = TimeSpan.FromSeconds(1) };
        var distrusted = await ZooKeeperClient.ConnectAsync(quick with { Tls = new SslClientAuthenticationOptions() }).FailsAsync(ZooKeeperError.ConnectionLoss);
        Assert.Contains("certificate", distrusted.Message, StringComparison.OrdinalIgnoreCase);
        await ZooKeeperClient.ConnectAsync(quick).FailsAsync(ZooKeeperError.ConnectionLoss);
    }
}
