using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Daybook.Servers.Debian;
using Daybook.Servers.Peers;
using Daybook.Servers.ZooKeeper;

namespace Daybook.ZooKeeper.Tests.Servers;

public sealed class ZooKeeperServerTests
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task A_server_that_is_killed_and_restarted_has_what_it_acknowledged()
    {
        await using var server = await ZooKeeperServer.StartAsync();
        Assert.Equal("imok", await server.FourLetterAsync("ruok"));
        Assert.Equal("standalone", await server.ModeAsync());
        await KazooPeer.RunAsync(server.ConnectString, "zk.create('/a', b'written by kazoo')");

        await server.KillAsync();
        Assert.False(server.IsRunning);
        Assert.Equal("", await server.FourLetterAsync("ruok"));
        await server.RestartAsync();

        Assert.Equal("written by kazoo\n", await KazooPeer.RunAsync(server.ConnectString, "print(zk.get('/a')[0].decode())"));
        Assert.Contains("written by kazoo", await ZkCli.RunAsync(server.ConnectString, "get", "/a"), StringComparison.Ordinal);
        Assert.Contains("written by kazoo", await CClient.RunAsync(server.ConnectString, "get /a"), StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task What_one_client_writes_the_others_read()
    {
        await using var server = await ZooKeeperServer.StartAsync();

        await ZkCli.RunAsync(server.ConnectString, "create", "/java", "of zkCli");
        await CClient.RunAsync(server.ConnectString, "create /c");
        await CClient.RunAsync(server.ConnectString, "set /c of-cli");

        Assert.Equal(
            "of zkCli of-cli\n", await KazooPeer.RunAsync(server.ConnectString, "print(zk.get('/java')[0].decode(), zk.get('/c')[0].decode())"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_failed_command_reports_the_reason()
    {
        await using var server = await ZooKeeperServer.StartAsync();

        await Refuses(() => KazooPeer.RunAsync(server.ConnectString, "zk.get('/none')"), "NoNodeError");
        await Refuses(() => ZkCli.RunAsync(server.ConnectString, "get", "/none"), "Node does not exist: /none");
        await Refuses(() => CClient.RunAsync(server.ConnectString, "get /none"), "rc = -101");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_script_goes_on_while_the_test_speaks_with_it()
    {
        await using var server = await ZooKeeperServer.StartAsync();
        await using var script = await KazooPeer.StartAsync(
            server.ConnectString, "zk.create('/e', ephemeral=True)\nprint('ready', flush=True)\nprint('heard', sys.stdin.readline(), flush=True)");

        Assert.Equal("ready", await script.ReadLineAsync("ready"));
        Assert.Equal("True\n", await KazooPeer.RunAsync(server.ConnectString, "print(zk.exists('/e') is not None)"));
        await script.WriteLineAsync("go");

        Assert.Equal("heard go", await script.ReadLineAsync("heard"));
        Assert.Equal(0, await script.WaitForExitAsync());
        Assert.Equal("None\n", await KazooPeer.RunAsync(server.ConnectString, "print(zk.exists('/e'))"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_frozen_server_answers_when_it_goes_on()
    {
        await using var server = await ZooKeeperServer.StartAsync();
        await server.PauseAsync();

        var answer = server.FourLetterAsync("ruok");
        Assert.NotSame(answer, await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(300))));
        server.Resume();

        Assert.Equal("imok", await answer);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task The_port_for_TLS_serves_with_a_certificate_of_the_authority()
    {
        await using var server = await ZooKeeperServer.StartAsync(new ZooKeeperServerOptions { Tls = true });
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.SecurePort!.Value);
        await using var stream = new SslStream(client.GetStream());
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(server.Certificate!.Authority);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = trust });

        await stream.WriteAsync(Encoding.ASCII.GetBytes("ruok"));

        Assert.Equal("imok", await new StreamReader(stream).ReadToEndAsync());
        Assert.Equal("imok", await server.FourLetterAsync("ruok"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Sasl_admits_clients_that_know_the_password()
    {
        await using var server = await ZooKeeperServer.StartAsync(
            new ZooKeeperServerOptions { SaslUsers = new Dictionary<string, string> { ["bob"] = "secret" }, RequireSasl = true });

        Task<string> TryAsync(string password) => KazooPeer.RunAsync(
            server.ConnectString,
            $"""
            other = KazooClient(hosts=sys.argv[1], sasl_options=dict(mechanism='DIGEST-MD5', username='bob', password='{password}'))
            other.start(timeout=10)
            other.create('/by-bob')
            print(other.exists('/by-bob') is not None)
            """);

        Assert.Equal("True\n", await TryAsync("secret"));
        await Refuses(() => TryAsync("wrong"), "ConnectionLoss");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Containers_and_ttl_nodes_go_the_super_user_may_do_all_and_buffers_are_bounded()
    {
        await using var server = await ZooKeeperServer.StartAsync(new ZooKeeperServerOptions { SuperPassword = "s3cret", MaxBuffer = 4096 });
        await ZkCli.RunAsync(server.ConnectString, "create", "-t", "300", "/ttl", "x");
        await ZkCli.RunAsync(server.ConnectString, "create", "-c", "/container");

        Assert.Equal("True True\n", await KazooPeer.RunAsync(
            server.ConnectString,
            """
            from kazoo.security import make_digest_acl
            zk.create('/container/child')
            zk.delete('/container/child')
            while zk.exists('/ttl') or zk.exists('/container'):
                time.sleep(0.05)
            zk.create('/hers', b'', acl=[make_digest_acl('ann', 'pw', all=True)])
            try:
                zk.get('/hers')
                refused = False
            except NoAuthError:
                refused = True
            zk.add_auth('digest', 'super:s3cret')
            zk.get('/hers')
            try:
                zk.retry.max_tries = 0
                zk.create('/large', b'x' * 5000)
                cut = False
            except (ConnectionLoss, ConnectionClosedError):
                cut = True
            print(refused, cut)
            """));
    }

    private static async Task Refuses(Func<Task> command, string why) =>
        Assert.Contains(why, (await Assert.ThrowsAsync<InvalidOperationException>(command)).Message, StringComparison.Ordinal);
}
