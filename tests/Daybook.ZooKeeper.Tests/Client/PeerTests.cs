using System.Text;
using Daybook.Servers.Debian;
using Daybook.Servers.Peers;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>What this client writes others read, and the reverse.</summary>
[Collection(RealServerCollection.Name)]
public sealed class PeerTests(RealServer server)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task What_this_client_writes_kazoo_zkCli_and_the_C_client_read()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var at = (await server.StartedAsync()).ConnectString;
        await client.CreateAsync(root + "/größe", "von C#"u8.ToArray());
        await client.CreateAsync(root + "/e", mode: CreateMode.Ephemeral);
        await client.CreateAsync(root + "/ttl", "x"u8.ToArray(), CreateMode.PersistentWithTtl, timeToLive: TimeSpan.FromMinutes(1));
        var made = await client.CreateAsync(root + "/plain", "seen by all"u8.ToArray());

        var seen = await KazooPeer.RunAsync(at, $"""
            print(zk.get('{root}/größe')[0].decode(), zk.get('{root}/e')[1].ephemeralOwner == {client.SessionId}, zk.get('{root}/plain')[1].czxid)
            """);
        Assert.Equal($"von C# True {made.Stat.CreatedZxid}\n", seen);
        var java = await ZkCli.RunAsync(at, "get", "-s", root + "/plain");
        Assert.Contains("seen by all", java, StringComparison.Ordinal);
        Assert.Contains($"cZxid = 0x{made.Stat.CreatedZxid:x}", java, StringComparison.Ordinal);
        Assert.Contains("seen by all", await CClient.RunAsync(at, $"get {root}/plain"), StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task What_kazoo_zkCli_and_the_C_client_write_this_client_reads()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var at = (await server.StartedAsync()).ConnectString;
        await using var watch = await client.WatchAsync(root, recursive: true);
        await KazooPeer.RunAsync(at, $"""
            from kazoo.security import make_digest_acl
            zk.create('{root}/k', 'von kazoo ö'.encode())
            zk.create('{root}/s-', b'', sequence=True)
            zk.create('{root}/guarded', b'kept', acl=[make_digest_acl('ann', 'pw', all=True)])
            """);
        await ZkCli.RunAsync(at, "create", root + "/j", "of zkCli");
        await CClient.RunAsync(at, $"create {root}/c");
        await CClient.RunAsync(at, $"set {root}/c of-cli");

        Assert.Equal("von kazoo ö", Encoding.UTF8.GetString((await client.GetAsync(root + "/k")).Data));
        Assert.Equal("of zkCli", Encoding.UTF8.GetString((await client.GetAsync(root + "/j")).Data));
        Assert.Equal("of-cli", Encoding.UTF8.GetString((await client.GetAsync(root + "/c")).Data));
        await client.GetAsync(root + "/guarded").FailsAsync(ZooKeeperError.NoAuth);
        client.AddCredentials(ZooKeeperCredentials.Digest("ann", "pw"));
        Assert.Equal("kept", Encoding.UTF8.GetString((await client.GetAsync(root + "/guarded")).Data));
        Assert.Equal(5, (await client.ChildrenAsync(root)).Names.Count);
        var events = new List<string>();
        while (watch.TryRead(out var change))
            events.Add($"{change.Type} {change.Path[(root.Length + 1)..]}");
        // The server sends no event about nodes that this session may not read (CVE-2024-23944).
        Assert.Equal(["Created k", "Created s-0000000001", "Created j", "Created c", "DataChanged c"], events);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Kazoo_hears_of_what_this_client_does()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        await using var script = await KazooPeer.StartAsync((await server.StartedAsync()).ConnectString, $"""
            told = threading.Event()
            zk.get('{root}', watch=lambda event: (print('told', event.type, flush=True), told.set()))
            print('ready', flush=True)
            told.wait(20)
            """);
        await script.ReadLineAsync("ready");
        await client.SetAsync(root, default);
        Assert.Equal("told CHANGED", await script.ReadLineAsync("told"));
    }
}
