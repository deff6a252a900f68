using Daybook.Servers.Debian;

namespace Daybook.ZooKeeper.Tests.Client;

[Collection(RealServerCollection.Name)]
public sealed class MultiTests(RealServer server)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task C9_multi_gives_a_result_for_each_operation()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var results = await client.MultiAsync(
        [
            new ZooKeeperOperation.Require(root, 0),
            new ZooKeeperOperation.Create(root + "/a", new byte[] { 1 }),
            new ZooKeeperOperation.Create(root + "/s-", Mode: CreateMode.EphemeralSequential),
            new ZooKeeperOperation.Create(root + "/c", Mode: CreateMode.Container),
            new ZooKeeperOperation.Create(root + "/t", Mode: CreateMode.PersistentWithTtl, TimeToLive: TimeSpan.FromMinutes(1)),
            new ZooKeeperOperation.Set(root + "/a", new byte[] { 2 }, 0),
            new ZooKeeperOperation.Delete(root + "/a", 1),
        ]);
        Assert.All(results, result => Assert.Equal(ZooKeeperError.None, result.Error));
        // A server of 3.8 answers plain creates of a multi in the old form, without a state.
        Assert.Equal([3, 4, 5], results.Index().Where(result => result.Item.Stat is not null).Select(result => result.Index));
        Assert.Equal(root + "/a", results[1].CreatedPath);
        Assert.Matches($"^{root}/s-\\d{{10}}$", results[2].CreatedPath);
        Assert.Equal(client.SessionId, (await client.ExistsAsync(results[2].CreatedPath!))!.EphemeralOwner);
        Assert.Equal(1, results[5].Stat!.Version);
        Assert.Equal(results[3].Stat!.CreatedZxid, results[5].Stat!.ModifiedZxid);
        Assert.Equal(3, (await client.ChildrenAsync(root)).Names.Count);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task C9_failed_multi_changes_nothing_and_distinguishes_the_cause_from_what_was_rolled_back()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        var failed = await Assert.ThrowsAsync<ZooKeeperMultiException>(() => client.MultiAsync(
        [
            new ZooKeeperOperation.Create(root + "/a"),
            new ZooKeeperOperation.Set(root, new byte[] { 1 }),
            new ZooKeeperOperation.Require(root, 77),
            new ZooKeeperOperation.Create(root + "/b"),
        ]));
        Assert.Equal((2, ZooKeeperError.BadVersion, root, false), (failed.Index, failed.Error, failed.Path, failed.IsOutcomeUnknown));
        Assert.Equal([ZooKeeperError.None, ZooKeeperError.None, ZooKeeperError.BadVersion, ZooKeeperError.RuntimeInconsistency], failed.Errors);
        var (names, stat) = await client.ChildrenAsync(root);
        Assert.Empty(names);
        Assert.Equal(0, stat.Version);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Multi_of_reads_has_an_error_for_each()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        await client.CreateAsync(root + "/a", new byte[] { 9 });
        var results = await client.MultiReadAsync(
        [
            new ZooKeeperOperation.GetData(root + "/a"),
            new ZooKeeperOperation.GetData(root + "/none"),
            new ZooKeeperOperation.GetChildren(root),
        ]);
        Assert.Equal([9], results[0].Data!.Data);
        Assert.Equal(ZooKeeperError.NoNode, results[1].Error);
        Assert.Equal(["a"], results[2].Children!);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Bad_multi_is_refused_before_it_is_sent()
    {
        var (client, root) = await server.ConnectWithRootAsync();
        await using var _ = client;
        await client.MultiAsync([]).FailsAsync(ZooKeeperError.BadArguments);
        await client.MultiAsync([new ZooKeeperOperation.GetData(root)]).FailsAsync(ZooKeeperError.BadArguments);
        await client.MultiReadAsync([new ZooKeeperOperation.Delete(root)]).FailsAsync(ZooKeeperError.BadArguments);
        Assert.Equal("//x", (await client.MultiAsync([new ZooKeeperOperation.Create("//x")]).FailsAsync(ZooKeeperError.BadArguments)).Path);
    }
}
