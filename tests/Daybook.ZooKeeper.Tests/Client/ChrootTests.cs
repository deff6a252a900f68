using Daybook.Servers.Debian;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>C10: below a chroot no result contains the path of the chroot.</summary>
[Collection(RealServerCollection.Name)]
public sealed class ChrootTests(RealServer server)
{
    [SkippableTheory(typeof(MissingToolException))]
    [InlineData("")]
    [InlineData("/deep/er")]
    public async Task C10_paths_of_replies_and_errors_are_relative(string below)
    {
        var (all, root) = await RootAsync(below);
        await using var _ = all;
        await using var client = await server.ConnectAsync(o => o with { ConnectString = o.ConnectString + root });
        Assert.Equal("/a", (await client.CreateAsync("/a")).Path);
        Assert.NotNull(await all.ExistsAsync(root + "/a"));
        Assert.Matches(@"^/\d{10}$", (await client.CreateAsync("/", mode: CreateMode.PersistentSequential)).Path);
        Assert.Matches(@"^/a/e\d{10}$", (await client.CreateAsync("/a/e", mode: CreateMode.EphemeralSequential)).Path);
        Assert.Equal(2, (await client.ChildrenAsync("/")).Names.Count);
        Assert.StartsWith("/a/e", Assert.Single(await client.EphemeralsAsync()), StringComparison.Ordinal);
        Assert.Equal("/none", (await client.GetAsync("/none").FailsAsync(ZooKeeperError.NoNode)).Path);
        var results = await client.MultiAsync([new ZooKeeperOperation.Create("/m"), new ZooKeeperOperation.Create("/", Mode: CreateMode.PersistentSequential)]);
        Assert.Equal("/m", results[0].CreatedPath);
        Assert.Matches(@"^/\d{10}$", results[1].CreatedPath);
        var failed = await Assert.ThrowsAsync<ZooKeeperMultiException>(() => client.MultiAsync([new ZooKeeperOperation.Delete("/none")]));
        Assert.Equal("/none", failed.Path);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C10_events_are_relative()
    {
        var (all, root) = await RootAsync("/x");
        await using var _ = all;
        await using var client = await server.ConnectAsync(o => o with { ConnectString = o.ConnectString + root });
        await using var node = await client.WatchAsync("/");
        await using var tree = await client.WatchAsync("/a", recursive: true);
        var created = await client.ExistsAndWatchAsync("/a");
        await all.CreateAsync(root + "/a");
        await all.CreateAsync(root + "/a/b");
        await all.SetAsync(root, default);
        Assert.Equal(new WatchEvent(WatchEventType.Created, "/a"), await created.Changed.WaitAsync(Clients.Patience));
        Assert.Equal(new WatchEvent(WatchEventType.ChildrenChanged, "/"), await node.NextAsync());
        Assert.Equal(new WatchEvent(WatchEventType.DataChanged, "/"), await node.NextAsync());
        Assert.Equal(new WatchEvent(WatchEventType.Created, "/a"), await tree.NextAsync());
        Assert.Equal(new WatchEvent(WatchEventType.Created, "/a/b"), await tree.NextAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C10_ephemeral_nodes_outside_the_chroot_are_not_listed()
    {
        var (all, root) = await RootAsync("/x");
        await using var _ = all;
        await using var client = await server.ConnectAsync(o => o with { ConnectString = o.ConnectString + root });
        await client.CreateAsync("/e", mode: CreateMode.Ephemeral);
        Assert.Equal(["/e"], await client.EphemeralsAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Chroot_that_does_not_exist_is_named() => Assert.Contains(
        "/no/such", (await server.ConnectAsync(o => o with { ConnectString = o.ConnectString + "/no/such" }).FailsAsync(ZooKeeperError.NoNode)).Message,
        StringComparison.Ordinal);

    private async Task<(ZooKeeperClient All, string Root)> RootAsync(string below)
    {
        var (all, root) = await server.ConnectWithRootAsync();
        foreach (var name in below.Split('/', StringSplitOptions.RemoveEmptyEntries))
            root = (await all.CreateAsync($"{root}/{name}")).Path;
        return (all, root);
    }
}
