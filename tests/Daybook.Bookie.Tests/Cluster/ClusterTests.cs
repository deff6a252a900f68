using System.Text;
using Daybook.BookKeeper;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Cluster;
using Daybook.Bookie.Tests.Probes;
using Daybook.Servers.BookKeeper;
using Daybook.Servers.Debian;
using Daybook.Servers.ZooKeeper;
using Daybook.ZooKeeper;

namespace Daybook.Bookie.Tests.Cluster;

public sealed class ClusterTests
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Bookie_lays_out_the_cluster_registers_and_takes_its_node_away()
    {
        await using var server = await ZooKeeperServer.StartAsync();
        await using var client = await ZooKeeperClient.ConnectAsync(server.ConnectString);
        await client.CreateAsync("/apps");
        await using var bookie = await BookieProcess.StartAsync(server.ConnectString + "/apps");
        var root = "/apps/ledgers";
        Assert.Equal("2\norg.apache.bookkeeper.meta.HierarchicalLedgerManagerFactory:1", Encoding.UTF8.GetString((await client.GetAsync(root + "/LAYOUT")).Data));
        var node = await client.GetAsync($"{root}/available/{bookie.Id}");
        Assert.NotEqual(0, node.Stat.EphemeralOwner);
        var registration = BookieRegistration.Decode(new BookieId(bookie.Id), node.Data);
        Assert.Equal(("127.0.0.1", bookie.Port), (registration.Host, registration.Port));
        Assert.NotNull(await client.ExistsAsync($"{root}/cookies/{bookie.Id}"));

        Assert.Equal(0, await bookie.StopAsync());

        Assert.Null(await client.ExistsAsync($"{root}/available/{bookie.Id}"));
        await bookie.RestartAsync();
        Assert.NotNull(await client.ExistsAsync($"{root}/available/{bookie.Id}"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task S5_bookie_whose_data_are_gone_refuses_to_start_and_in_limbo_answers_unknown_state()
    {
        await using var server = await ZooKeeperServer.StartAsync();
        await using var client = await ZooKeeperClient.ConnectAsync(server.ConnectString);
        await using var bookie = await BookieProcess.StartAsync(server.ConnectString, "--gc-seconds", "0");
        using (var writer = await RawClient.ConnectAsync(bookie.Port))
            Assert.Equal(BookieStatus.Ok, (await writer.AddAsync(7, 0)).Status);
        await bookie.KillAsync();
        Directory.Delete(bookie.Data, recursive: true);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(bookie.RestartAsync);
        Assert.Contains("--replace-lost-data", refusal.Message, StringComparison.Ordinal);

        bookie.Options = ["--gc-seconds", "0", "--replace-lost-data"];
        await bookie.RestartAsync();
        Assert.NotNull(await client.ExistsAsync($"/ledgers/available/readonly/{bookie.Id}"));
        Assert.Null(await client.ExistsAsync($"/ledgers/available/{bookie.Id}"));
        using (var reader = await RawClient.ConnectAsync(bookie.Port))
        {
            Assert.Equal(BookieStatus.UnknownLedgerState, (await reader.ReadAsync(7, 0)).Status);
            Assert.Equal(BookieStatus.ReadOnly, (await reader.AddAsync(7, 1)).Status);
            var repaired = RawClient.AddOf(7, RawClient.Entry(7, 0, -1, "hello"u8.ToArray()), AddOptions.Recovery | AddOptions.HighPriority);
            Assert.Equal(BookieStatus.Ok, (await reader.AddAsync(repaired)).Status);
            Assert.Equal(BookieStatus.Ok, (await reader.ReadAsync(7, 0)).Status);
            Assert.Equal(BookieStatus.UnknownLedgerState, (await reader.ReadAsync(7, 1)).Status);
            Assert.Equal(BookieStatus.UnknownLedgerState, (await reader.FenceAsync(8)).Status);
        }
        bookie.Options = ["--gc-seconds", "0"];
        await bookie.RestartAsync();
        using (var reader = await RawClient.ConnectAsync(bookie.Port))
            Assert.Equal(BookieStatus.UnknownLedgerState, (await reader.ReadAsync(7, 1)).Status);

        bookie.Options = ["--gc-seconds", "0", "--clear-limbo"];
        await bookie.RestartAsync();
        using var after = await RawClient.ConnectAsync(bookie.Port);
        Assert.Equal(BookieStatus.NoEntry, (await after.ReadAsync(7, 1)).Status);
        Assert.Equal(BookieStatus.Fenced, (await after.AddAsync(8, 0)).Status);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Bookie_of_another_cluster_refuses_to_start()
    {
        await using var server = await ZooKeeperServer.StartAsync();
        await using var client = await ZooKeeperClient.ConnectAsync(server.ConnectString);
        await using var bookie = await BookieProcess.StartAsync(server.ConnectString);
        await client.SetAsync("/ledgers/INSTANCEID", "another"u8.ToArray());

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(bookie.RestartAsync);

        Assert.Contains("but ZooKeeper to another", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Ledgers_without_a_node_are_dropped_and_others_stay()
    {
        await using var server = await ZooKeeperServer.StartAsync();
        await using var client = await ZooKeeperClient.ConnectAsync(server.ConnectString);
        await using var bookie = await BookieProcess.StartAsync(server.ConnectString, "--gc-seconds", "1");
        await client.CreateAsync("/ledgers/00");
        await client.CreateAsync("/ledgers/00/0000");
        await client.CreateAsync("/ledgers/00/0000/L0014");
        await client.CreateAsync("/ledgers/00/0000/L0015");
        using var reader = await RawClient.ConnectAsync(bookie.Port);
        foreach (var ledger in new[] { 14, 15 })
            Assert.Equal(BookieStatus.Ok, (await reader.AddAsync(ledger, 0)).Status);

        await client.DeleteAsync("/ledgers/00/0000/L0014");

        await Wait.UntilAsync(async () => (await reader.ReadAsync(14, 0)).Status == BookieStatus.NoLedger, "ledger 14 was dropped");
        Assert.Equal(BookieStatus.Ok, (await reader.ReadAsync(15, 0)).Status);
        await server.KillAsync();
        await bookie.KillAsync();
        await server.RestartAsync();
        await bookie.RestartAsync();
        using var again = await RawClient.ConnectAsync(bookie.Port);
        Assert.Equal(BookieStatus.NoLedger, (await again.ReadAsync(14, 0)).Status);
        Assert.Equal(BookieStatus.Ok, (await again.ReadAsync(15, 0)).Status);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Bookie_with_too_little_space_registers_as_read_only_and_refuses_adds()
    {
        await using var server = await ZooKeeperServer.StartAsync();
        await using var client = await ZooKeeperClient.ConnectAsync(server.ConnectString);
        await using var bookie = await BookieProcess.StartAsync(server.ConnectString, "--min-free", "4000000000000000");
        using var writer = await RawClient.ConnectAsync(bookie.Port);

        Assert.NotNull(await client.ExistsAsync($"/ledgers/available/readonly/{bookie.Id}"));
        Assert.Equal(BookieStatus.ReadOnly, (await writer.AddAsync(7, 0)).Status);
        Assert.Equal(BookieStatus.Ok, (await writer.AddAsync(7, 0, options: AddOptions.HighPriority)).Status);
        Assert.Equal(BookieStatus.Ok, (await writer.FenceAsync(7)).Status);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Registration_moves_between_those_that_take_writes_and_the_read_only_ones()
    {
        await using var server = await ZooKeeperServer.StartAsync();
        await using var client = await ZooKeeperClient.ConnectAsync(server.ConnectString);
        await using var sessions = new SessionKeeper(new ZooKeeperOptions(server.ConnectString));
        var paths = new LedgerPaths("/ledgers", LedgerLayoutKind.Hierarchical);
        await using (var registration = new Registration(sessions, paths, new BookieRegistration(new BookieId("b:1"), "127.0.0.1", 1)))
        {
            foreach (var isReadOnly in new[] { false, true, true, false })
            {
                await registration.PutAsync(isReadOnly, CancellationToken.None);
                Assert.Equal(isReadOnly, await client.ExistsAsync("/ledgers/available/readonly/b:1") is not null);
                Assert.Equal(!isReadOnly, await client.ExistsAsync("/ledgers/available/b:1") is not null);
            }
        }
        Assert.Null(await client.ExistsAsync("/ledgers/available/b:1"));
    }

    [Fact]
    public void Low_space_ends_only_when_a_fifth_more_is_free()
    {
        var disk = new DiskSpace("/", minFree: 1000);
        (long Free, bool IsLow)[] story = [(1001, false), (999, true), (1100, true), (1201, false), (1001, false), (10, true)];
        Assert.All(story, step => Assert.Equal(step.IsLow, disk.IsLow((1_000_000, step.Free))));
        Assert.True(new DiskSpace("/", null).IsLow((10_000, 199)));
        Assert.False(new DiskSpace("/", null).IsLow((long.MaxValue, (1L << 30) + 1)));
    }
}
