using System.Text;
using Daybook.Servers.Debian;

namespace Daybook.ZooKeeper.Tests.Client;

[Collection(RealServerCollection.Name)]
public sealed class OperationTests(RealServer server)
{
    [SkippableTheory(typeof(MissingToolException))]
    [InlineData(CreateMode.Persistent, false, false)]
    [InlineData(CreateMode.Ephemeral, false, true)]
    [InlineData(CreateMode.PersistentSequential, true, false)]
    [InlineData(CreateMode.EphemeralSequential, true, true)]
    [InlineData(CreateMode.Container, false, false)]
    [InlineData(CreateMode.PersistentWithTtl, false, false)]
    [InlineData(CreateMode.PersistentSequentialWithTtl, true, false)]
    public async Task C9_node_is_created_in_its_mode_with_its_state(CreateMode mode, bool isNumbered, bool isEphemeral)
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        TimeSpan? ttl = mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl ? TimeSpan.FromMinutes(5) : null;
        var made = await client.CreateAsync($"{root}/n", "abc"u8.ToArray(), mode, timeToLive: ttl);
        Assert.Matches(isNumbered ? $"^{root}/n\\d{{10}}$" : $"^{root}/n$", made.Path);
        Assert.Equal(isEphemeral, made.Stat.EphemeralOwner == client.SessionId);
        Assert.Equal((0, 3, made.Stat.ModifiedZxid), (made.Stat.Version, made.Stat.DataLength, made.Stat.CreatedZxid));
        Assert.Equal(made.Stat, (await client.GetAsync(made.Path)).Stat);
        if (isNumbered)
            Assert.True(string.CompareOrdinal((await client.CreateAsync($"{root}/n", default, mode, timeToLive: ttl)).Path, made.Path) > 0);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task State_of_a_node_counts_its_changes()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var path = root + "/n";
        var made = (await client.CreateAsync(path)).Stat;
        await client.SetAsync(path, "one"u8.ToArray());
        var set = await client.SetAsync(path, "four"u8.ToArray(), version: 1);
        var child = (await client.CreateAsync(path + "/c")).Stat;
        await client.SetAclAsync(path, ZooKeeperAcl.Open, version: 0);
        var (data, stat) = await client.GetAsync(path);
        Assert.Equal("four", Encoding.UTF8.GetString(data));
        Assert.Equal((2, 1, 1, 4, 1), (stat.Version, stat.ChildVersion, stat.AclVersion, stat.DataLength, stat.ChildCount));
        Assert.Equal((made.CreatedZxid, set.ModifiedZxid, child.CreatedZxid), (stat.CreatedZxid, stat.ModifiedZxid, stat.ChildrenZxid));
        Assert.True(stat.Created <= stat.Modified && stat.ModifiedZxid > stat.CreatedZxid);
        Assert.InRange(stat.Created, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(5));
        Assert.Equal(stat, await client.ExistsAsync(path));
        Assert.Null(await client.ExistsAsync(path + "/none"));
        Assert.Equal(["c"], (await client.ChildrenAsync(path)).Names);
        Assert.Equal(stat, (await client.ChildrenAsync(path)).Stat);
        Assert.Equal(ZooKeeperAcl.Open, (await client.GetAclAsync(path)).Entries);
        Assert.Equal(1, await client.AllChildrenNumberAsync(path));
        await client.DeleteAsync(path + "/c", version: 0);
        await client.DeleteAsync(path, version: 2);
        Assert.Equal(0, await client.AllChildrenNumberAsync(root));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Error_has_its_code_and_path()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        await client.CreateAsync(root + "/n");
        await client.CreateAsync(root + "/n/c");
        await client.CreateAsync(root + "/e", mode: CreateMode.Ephemeral);
        await HasAsync(client.CreateAsync(root + "/n"), ZooKeeperError.NodeExists, root + "/n");
        await HasAsync(client.CreateAsync(root + "/no/c"), ZooKeeperError.NoNode, root + "/no/c");
        await HasAsync(client.CreateAsync(root + "/e/c"), ZooKeeperError.NoChildrenForEphemerals, root + "/e/c");
        await HasAsync(client.GetAsync(root + "/no"), ZooKeeperError.NoNode, root + "/no");
        await HasAsync(client.DeleteAsync(root + "/n"), ZooKeeperError.NotEmpty, root + "/n");
        await HasAsync(client.DeleteAsync(root + "/n/c", 5), ZooKeeperError.BadVersion, root + "/n/c");
        await HasAsync(client.SetAsync(root + "/n", default, 5), ZooKeeperError.BadVersion, root + "/n");
        await HasAsync(client.SetAclAsync(root + "/n", ZooKeeperAcl.Open, 5), ZooKeeperError.BadVersion, root + "/n");
        await HasAsync(client.CreateAsync(root + "/x", acl: ZooKeeperAcl.Creator), ZooKeeperError.InvalidAcl, root + "/x");
        await HasAsync(client.CreateAsync(root + "/x", acl: []), ZooKeeperError.InvalidAcl, root + "/x");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Node_of_one_user_is_closed_to_others_and_to_a_wrong_password()
    {
        var ann = ZooKeeperCredentials.Digest("ann", "secret");
        var (owner, root) = await server.ConnectWithRootAsync(o => o with { Credentials = [ann] });
        await using var _ = owner;
        var path = (await owner.CreateAsync(root + "/n", "mine"u8.ToArray(), acl: ZooKeeperAcl.Creator)).Path;
        Assert.Contains(await owner.WhoAmIAsync(), who => who is { Scheme: "digest", User: "ann" });
        Assert.Equal("digest", (await owner.GetAclAsync(path)).Entries.Single().Scheme);

        await using var other = await server.ConnectAsync();
        await HasAsync(other.GetAsync(path), ZooKeeperError.NoAuth, path);
        other.AddCredentials(ZooKeeperCredentials.Digest("ann", "wrong"));
        await HasAsync(other.SetAsync(path, default), ZooKeeperError.NoAuth, path);
        other.AddCredentials(ann);
        Assert.Equal("mine", Encoding.UTF8.GetString((await other.GetAsync(path)).Data));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Ephemeral_nodes_are_listed_below_a_path_and_go_with_the_session()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await client.CreateAsync(root + "/a");
        await client.CreateAsync(root + "/a/e", mode: CreateMode.Ephemeral);
        await client.CreateAsync(root + "/ab", mode: CreateMode.Ephemeral);
        Assert.Equal([root + "/a/e"], await client.EphemeralsAsync(root + "/a"));
        Assert.Equal(2, (await client.EphemeralsAsync()).Count);
        await client.DisposeAsync();
        await using var other = await server.ConnectAsync();
        Assert.Equal(["a"], (await other.ChildrenAsync(root)).Names);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C8_what_was_acknowledged_before_a_sync_is_read_after_it()
    {
        var (writer, root) = await server.ConnectWithRootAsync();
        await using var _ = writer;
        await using var reader = await server.ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            var version = (await writer.SetAsync(root, default)).Version;
            await reader.SyncAsync(root);
            Assert.Equal(version, (await reader.GetAsync(root)).Stat.Version);
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Largest_frame_goes_and_comes_back_and_a_larger_one_is_refused_before_it_is_sent()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var fits = client.Options.MaxFrameBytes - 8 - 4 - root.Length - 4 - 4;
        await client.SetAsync(root, new byte[fits]);
        Assert.Equal(fits, (await client.GetAsync(root)).Data.Length);
        var refused = await client.SetAsync(root, new byte[fits + 1]).FailsAsync(ZooKeeperError.BadArguments);
        Assert.Contains("MaxFrameBytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal((root, false), (refused.Path, refused.IsOutcomeUnknown));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Data_over_the_servers_limit_lose_the_connection_and_the_error_explains_it()
    {
        var (client, root) = await server.ConnectWithRootAsync(o => o with { MaxFrameBytes = 4_000_000 });
        await using var _ = client;
        var lost = await client.SetAsync(root, new byte[2_000_000]).FailsAsync(ZooKeeperError.ConnectionLoss);
        Assert.Contains("jute.maxbuffer", lost.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await client.GetAsync(root).WaitAsync(Clients.Patience)).Stat.Version);
    }

    private static async Task HasAsync(Task call, ZooKeeperError error, string path)
    {
        var failure = await call.FailsAsync(error);
        Assert.Equal((path, false), (failure.Path, failure.IsOutcomeUnknown));
    }
}
