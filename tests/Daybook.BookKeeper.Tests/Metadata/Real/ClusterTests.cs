using System.Text;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Tests.Vectors;
using Daybook.Servers.Debian;

namespace Daybook.BookKeeper.Tests.Metadata.Real;

[Collection(RealZooKeeperCollection.Name)]
public sealed class ClusterTests(RealZooKeeper shared)
{
    [SkippableTheory(typeof(MissingToolException)), InlineData("Hierarchical", "/ledgers"), InlineData("LongHierarchical", "/ledgers-long")]
    public async Task Formatted_cluster_has_the_nodes_of_a_recorded_one(string kind, string recorded)
    {
        await using var one = await ClusterClient.OpenAsync(shared, Enum.Parse<LedgerLayoutKind>(kind));

        Assert.Equal(Recorded.Nodes[$"{recorded}/LAYOUT"], (await one.Direct.GetAsync($"{one.Root}/LAYOUT")).Data);
        var instance = (await one.Direct.GetAsync($"{one.Root}/INSTANCEID")).Data;
        Assert.Equal(Recorded.Nodes[$"{recorded}/INSTANCEID"].Length, instance.Length);
        Assert.True(Guid.TryParseExact(Encoding.ASCII.GetString(instance), "d", out _));
        Assert.Equal(Encoding.ASCII.GetString(instance), one.Store.Cluster.InstanceId);
        foreach (var node in new[] { "", "/available", "/available/readonly", "/cookies" })
            Assert.Empty((await one.Direct.GetAsync(one.Root + node)).Data);
        Assert.Equal(["INSTANCEID", "LAYOUT", "available", "cookies"], (await one.Direct.ChildrenAsync(one.Root)).Names.Order(StringComparer.Ordinal));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Concurrent_formats_are_one_and_a_later_one_changes_nothing()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        var root = $"{ClusterClient.NewRoot()}/below/another";
        LedgerLayoutKind[] kinds = [LedgerLayoutKind.Hierarchical, LedgerLayoutKind.LongHierarchical];
        var formatting = Enumerable.Range(0, 8).Select(i => ClusterLayout.FormatAsync(one.Calls, root, kinds[i % 2], default));

        var clusters = await Task.WhenAll(formatting);
        var again = await ClusterLayout.FormatAsync(one.Calls, root, LedgerLayoutKind.Flat, default);

        Assert.Single(clusters.Append(again).Distinct());
        Assert.Equal(again, await ClusterLayout.ReadAsync(one.Calls, root, default));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Format_whose_connection_breaks_is_finished()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        for (var after = 1; after < 500; after += 31)
        {
            var root = ClusterClient.NewRoot();
            one.Network.DropAfter(Servers.Network.ProxyDirection.ToClient, after);
            var cluster = await ClusterLayout.FormatAsync(one.Calls, root, LedgerLayoutKind.Hierarchical, default);
            Assert.Equal(4, (await one.Direct.ChildrenAsync(root)).Names.Count);
            Assert.NotNull(cluster.InstanceId);
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Root_without_a_cluster_an_unknown_layout_and_a_bad_root_are_typed_errors()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        async Task<BookKeeperException> Fails(string root) => await Assert.ThrowsAsync<BookKeeperException>(
            () => ZooKeeperMetadataStore.OpenAsync(one.Sessions, one.Options with { LedgersRoot = root }));

        var none = await Fails("/nobody");
        Assert.Equal(BookKeeperError.IncorrectParameter, none.Error);
        Assert.Contains("no BookKeeper cluster under /nobody", none.Message, StringComparison.Ordinal);
        Assert.Equal(BookKeeperError.IncorrectParameter, (await Fails("ledgers")).Error);
        await one.Direct.SetAsync($"{one.Root}/LAYOUT", "2\ncom.example.Other:1"u8.ToArray());
        Assert.Equal(BookKeeperError.BadMetadata, (await Fails(one.Root)).Error);
    }

    [SkippableTheory(typeof(MissingToolException)), InlineData("Hierarchical"), InlineData("LongHierarchical"), InlineData("Flat")]
    public async Task Ledgers_of_every_layout_are_listed_and_nothing_else(string kind)
    {
        var layout = Enum.Parse<LedgerLayoutKind>(kind);
        await using var one = await ClusterClient.OpenAsync(shared, layout);
        long[] ledgers = layout == LedgerLayoutKind.Flat ? [0, 1, 65546] : [0, 1, 9999, 10000, 65546, int.MaxValue - 1, int.MaxValue, 5_000_000_000, long.MaxValue];
        foreach (var ledger in ledgers)
            await one.Store.CreateAtAsync(ClusterClient.Metadata(ledger));
        foreach (var node in new[] { "/idgen", "/idgen-long", "/idgen-long/HOB-0000000001", "/underreplication", "/underreplication/ledgers", "/77", "/available/b:1", "/LX" })
            await one.Direct.CreateAsync(one.Root + node);

        Assert.Equal(ledgers, await one.ListedAsync());
        foreach (var ledger in ledgers)
            Assert.Equal(ledger, (await one.Store.ReadAsync(new LedgerId(ledger))).Value.Ledger.Value);
        await one.Store.DeleteAsync(new LedgerId(1));
        Assert.Equal(ledgers.Where(ledger => ledger != 1), await one.ListedAsync());
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Ids_are_not_made_up_in_the_flat_layout()
    {
        await using var one = await ClusterClient.OpenAsync(shared, LedgerLayoutKind.Flat);
        var error = await Assert.ThrowsAsync<BookKeeperException>(async () => await one.Store.CreateAsync(ClusterClient.Metadata()));
        Assert.Equal(BookKeeperError.IncorrectParameter, error.Error);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Listing_goes_on_when_ledgers_vanish_under_it()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        foreach (var ledger in new[] { 0, 10_000, 20_000, 5_000_000_000 })
            await one.Store.CreateAtAsync(ClusterClient.Metadata(ledger));
        var seen = new List<long>();
        await foreach (var ledger in one.Store.ListAsync())
        {
            seen.Add(ledger.Value);
            foreach (var other in new[] { 0, 10_000, 20_000, 5_000_000_000 }.Except(seen))
                await one.Store.DeleteAsync(new LedgerId(other));
        }
        Assert.Single(seen);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Deletion_removes_the_parents_that_are_empty_and_no_others()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        foreach (var ledger in new[] { 1, 2, 10_000, 5_000_000_000 })
            await one.Store.CreateAtAsync(ClusterClient.Metadata(ledger));

        await one.Store.DeleteAsync(new LedgerId(5_000_000_000));
        await one.Store.DeleteAsync(new LedgerId(1));
        Assert.False(await one.ExistsAsync($"{one.Root}/000"));
        Assert.Equal(["0000", "0001"], (await one.Direct.ChildrenAsync($"{one.Root}/00")).Names.Order(StringComparer.Ordinal));
        await one.Store.DeleteAsync(new LedgerId(2));
        await one.Store.DeleteAsync(new LedgerId(2));
        Assert.Equal(["0001"], (await one.Direct.ChildrenAsync($"{one.Root}/00")).Names);
        await one.Store.DeleteAsync(new LedgerId(10_000));
        Assert.Equal(["INSTANCEID", "LAYOUT", "available", "cookies"], (await one.Direct.ChildrenAsync(one.Root)).Names.Order(StringComparer.Ordinal));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Deletion_whose_answer_is_lost_is_a_deletion()
    {
        await using var one = await ClusterClient.OpenAsync(shared);
        for (var after = 1; after < 200; after += 17)
        {
            await one.Store.CreateAtAsync(ClusterClient.Metadata(1));
            one.Network.DropAfter(Servers.Network.ProxyDirection.ToClient, after);
            await one.Store.DeleteAsync(new LedgerId(1));
            Assert.Empty(await one.ListedAsync());
        }
    }
}
