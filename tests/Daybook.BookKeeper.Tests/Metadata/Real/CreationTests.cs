using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Tests.Vectors;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;

namespace Daybook.BookKeeper.Tests.Metadata.Real;

[Collection(RealZooKeeperCollection.Name)]
public sealed class CreationTests(RealZooKeeper shared)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Created_ledger_is_where_java_looks_for_it_with_the_recorded_bytes()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var recorded = Recorded.Nodes["/ledgers/00/0000/L0006"];
        var metadata = LedgerMetadataCodec.Decode(new LedgerId(6), recorded);

        var created = await one.Store.CreateAtAsync(metadata);

        var node = await one.Direct.GetAsync($"{one.Root}/00/0000/L0006");
        Assert.Equal(0, created.Version);
        Assert.NotEqual(0, created.Value.CreationToken);
        var token = LedgerMetadataCodec.Decode(new LedgerId(6), node.Data).CreationToken;
        Assert.Equal(created.Value.CreationToken, token);
        Assert.Equal(recorded, LedgerMetadataCodec.Encode(LedgerMetadataCodec.Decode(new LedgerId(6), node.Data) with { CreationToken = metadata.CreationToken }));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task L16_creation_whose_answer_is_lost_is_recognized_by_its_token()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var path = one.Paths.PathOf(new LedgerId(7));
        await one.Store.CreateAtAsync(ClusterClient.Metadata(8));

        var created = await one.LoseAnswerAsync(() => one.Store.CreateAtAsync(ClusterClient.Metadata(7)), () => one.ExistsAsync(path));

        Assert.Equal((7, 0), (created.Value.Ledger.Value, created.Version));
        Assert.Equal(created.Value.CreationToken, (await one.Store.ReadAsync(new LedgerId(7))).Value.CreationToken);
        Assert.Equal([7, 8], await one.ListedAsync());
    }

    [SkippableTheory(typeof(MissingToolException)), InlineData(ProxyDirection.ToClient, 480), InlineData(ProxyDirection.ToServer, 640)]
    public async Task L16_creation_is_one_ledger_wherever_the_connection_breaks(ProxyDirection direction, int bytes)
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var (created, connections) = (new List<long>(), one.Network.Accepted);
        for (var after = 1; after <= bytes; after += 17)
        {
            one.Network.DropAfter(direction, after);
            created.Add((await one.Store.CreateAsync(ClusterClient.Metadata())).Value.Ledger.Value);
        }
        Assert.True(one.Network.Accepted - connections > 12, $"only {one.Network.Accepted - connections} connections broke");
        Assert.Equal(created, await one.ListedAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task L16_node_of_somebody_else_is_an_error_for_a_given_id_and_another_id_is_taken_for_a_made_up_one()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        await using var other = await ClusterClient.OpenAsync(shared, root: one.Root);
        await other.Store.CreateAtAsync(ClusterClient.Metadata(0, "x1", "x2"));
        await one.Direct.CreateAsync(one.Paths.PathOf(new LedgerId(1)), "no metadata"u8.ToArray());

        var error = await Assert.ThrowsAsync<BookKeeperException>(async () => await one.Store.CreateAtAsync(ClusterClient.Metadata()));
        var made = await one.Store.CreateAsync(ClusterClient.Metadata());

        Assert.Equal((BookKeeperError.LedgerExists, new LedgerId(0)), (error.Error, error.Ledger));
        Assert.Equal(2, made.Value.Ledger.Value);
        Assert.Equal("x1", (await one.Store.ReadAsync(new LedgerId(0))).Value.Current.Bookies[0].Value);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Cancelled_creation_leaves_no_ledger()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var path = one.Paths.PathOf(new LedgerId(9));
        using var patience = new CancellationTokenSource();
        await one.Store.CreateAtAsync(ClusterClient.Metadata(8));
        one.Network.Hold(ProxyDirection.ToClient);
        var creating = one.Store.CreateAtAsync(ClusterClient.Metadata(9), patience.Token).AsTask();
        await Wait.UntilAsync(() => one.ExistsAsync(path), "it was created");
        await patience.CancelAsync();
        one.Network.Release(ProxyDirection.ToClient);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);

        Assert.Equal([8], await one.ListedAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Ids_of_concurrent_clients_are_all_different_and_leave_no_nodes()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        await using var two = await ClusterClient.OpenAsync(shared, root: one.Root);
        await using var three = await ClusterClient.OpenAsync(shared, root: one.Root);
        var creating = from _ in Enumerable.Range(0, 15) from client in new[] { one, two, three } select client.Store.CreateAsync(ClusterClient.Metadata()).AsTask();

        var created = await Task.WhenAll(creating);

        Assert.Equal(Enumerable.Range(0, 45).Select(id => (long)id), created.Select(ledger => ledger.Value.Ledger.Value).Order());
        Assert.Empty((await one.Direct.ChildrenAsync($"{one.Root}/idgen")).Names);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Long_ids_follow_when_the_short_ones_are_used_up_and_the_next_upper_half_when_those_are()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var ids = new LedgerIds(one.Calls, one.Paths, new LedgerIdNodes(one.Root) { Limit = 1 });
        var made = new List<long>();
        for (var i = 0; i < 5; i++)
            made.Add((await ids.NextAsync(default)).Value);

        Assert.Equal([0, 1L << 32, (1L << 32) + 1, 2L << 32, (2L << 32) + 1], made);
        Assert.Equal(["HOB-0000000001", "HOB-0000000002"], (await one.Direct.ChildrenAsync($"{one.Root}/idgen-long")).Names.Order());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Ids_are_long_where_another_client_has_begun_with_that()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        await one.Store.CreateAsync(ClusterClient.Metadata());
        await one.Direct.CreateAsync($"{one.Root}/idgen-long");
        await one.Direct.CreateAsync($"{one.Root}/idgen-long/HOB-0000000003");

        var created = await one.Store.CreateAsync(ClusterClient.Metadata());

        Assert.Equal(3L << 32, created.Value.Ledger.Value);
        Assert.True(await one.ExistsAsync($"{one.Root}/000/0000/0128/8490/L1888"), "it is not at a long path");
        Assert.Equal([0, 3L << 32], await one.ListedAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Cluster_that_went_away_is_an_error_and_is_not_made_by_the_way()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        foreach (var node in new[] { "/available/readonly", "/available", "/cookies", "/LAYOUT", "/INSTANCEID", "" })
            await one.Direct.DeleteAsync(one.Root + node);

        var created = await Assert.ThrowsAsync<BookKeeperException>(async () => await one.Store.CreateAtAsync(ClusterClient.Metadata(3)));
        var numbered = await Assert.ThrowsAsync<BookKeeperException>(async () => await one.Store.CreateAsync(ClusterClient.Metadata()));
        var listed = await Assert.ThrowsAsync<BookKeeperException>(one.ListedAsync);

        Assert.All([created, numbered, listed], error => Assert.Contains($"no BookKeeper cluster under {one.Root}", error.Message, StringComparison.Ordinal));
        Assert.False(await one.ExistsAsync(one.Root));
    }
}
