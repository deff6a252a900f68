using Daybook.BookKeeper;
using Daybook.Servers.BookKeeper;
using Daybook.Servers.Debian;

namespace Daybook.Cluster.Tests.Faults;

/// <summary>Bookies that are gone, for a while or for good.</summary>
public sealed class LostBookieTests
{
    private const long Entries = 300;

    [SkippableFact(typeof(MissingToolException))]
    public async Task L1_L6_recovery_without_two_of_three_bookies_fails_and_shortens_nothing()
    {
        await using var cluster = await FaultyCluster.StartAsync(3);
        await using var owner = await cluster.ConnectAsync();
        var load = await LoadedAsync(owner, new CreateLedgerOptions());
        foreach (var bookie in cluster.Bookies.Take(2))
            await bookie.KillAsync();
        await using var other = await cluster.ConnectAsync();
        var refused = await Assert.ThrowsAsync<BookKeeperException>(() => other.RecoverAsync(load.Ledger));
        Assert.Equal((BookKeeperError.NotEnoughBookies, load.Ledger), (refused.Error, refused.Ledger));
        var found = (await other.DescribeAsync(load.Ledger))!;
        Assert.Equal((false, true), (found.IsClosed, found.IsInRecovery));

        await cluster.Bookies[0].RestartAsync();
        var reader = await Patience.TryAsync(() => other.RecoverAsync(load.Ledger));
        Assert.InRange(load.LastAcknowledged, Entries - 1, reader.LastAddConfirmed.Value);
        await Reading.ExpectAllAsync(other, load.Ledger, reader.LastAddConfirmed);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task L1_a_bookie_that_is_gone_for_good_is_replaced_by_the_command_and_then_another_may_go()
    {
        await using var cluster = await FaultyCluster.StartAsync(4);
        await using var client = await cluster.ConnectAsync();
        var twoCopies = new CreateLedgerOptions { Ensemble = 3, WriteQuorum = 2, AckQuorum = 2 };
        var ledgers = new Dictionary<LedgerId, EntryId>();
        for (var i = 0; i < 4; i++)
        {
            var load = await LoadedAsync(client, twoCopies);
            ledgers[load.Ledger] = (await client.RecoverAsync(load.Ledger)).LastAddConfirmed;
        }
        var open = await client.CreateAsync(twoCopies);
        await open.AppendAsync(LedgerLoad.PayloadOf(open.Id, 0));
        ledgers[open.Id] = new EntryId(0);
        var lost = cluster.Servers.Find((await client.DescribeAsync(open.Id))!.Fragments[^1].Bookies[0].Value);
        await lost.KillAsync();

        var left = await ReplicateAsync(cluster, lost);
        Assert.Equal(1, left.ExitCode);
        Assert.Contains($"ledger {open.Id} is open", left.Output, StringComparison.Ordinal);
        var complete = await ReplicateAsync(cluster, lost, "--recover-open");
        Assert.True(complete.ExitCode == 0, complete.Output + complete.Error);
        Assert.EndsWith($"no ledger names {lost.Id} any more\n", complete.Output, StringComparison.Ordinal);
        foreach (var ledger in ledgers.Keys)
            Assert.DoesNotContain(new BookieId(lost.Id), (await client.DescribeAsync(ledger))!.Fragments.SelectMany(fragment => fragment.Bookies));

        await cluster.Bookies.First(bookie => bookie != lost).KillAsync();
        await using var fresh = await cluster.ConnectAsync();
        foreach (var (ledger, last) in ledgers)
            await Reading.ExpectAllAsync(fresh, ledger, last);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Copies_without_a_bookie_to_take_them_are_named_and_the_command_fails()
    {
        await using var cluster = await FaultyCluster.StartAsync(3);
        await using var client = await cluster.ConnectAsync();
        var load = await LoadedAsync(client, new CreateLedgerOptions());
        await client.RecoverAsync(load.Ledger);
        await cluster.Bookies[0].KillAsync();
        var run = await ReplicateAsync(cluster, cluster.Bookies[0]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"ledger {load.Ledger}, from entry 0", run.Output, StringComparison.Ordinal);
        Assert.Contains("nobody is left to take the copies", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await BookieProcess.RunAsync("replicate", "--zk", cluster.Servers.ConnectString, "--lost", "x", "--ledgers-root", "/none")).ExitCode);
        Assert.Equal(2, (await BookieProcess.RunAsync("replicate", "--zk", cluster.Servers.ConnectString)).ExitCode);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task L23_a_frozen_bookie_stops_neither_its_own_ledgers_nor_others()
    {
        await using var cluster = await FaultyCluster.StartAsync(4);
        await using var client = await cluster.ConnectAsync();
        var loads = new List<LedgerLoad>();
        for (var i = 0; i < 6; i++)
            loads.Add(new LedgerLoad(await client.CreateAsync()));
        var writing = loads.ConvertAll(load => load.RunAsync());
        await Task.WhenAll(loads.Select(load => load.MoreAsync(50)));
        await cluster.Bookies[1].PauseAsync();
        await Task.WhenAll(loads.Select(load => load.MoreAsync(1_000))).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(loads, load => Assert.Null(load.End));
        await using var other = await cluster.ConnectAsync();
        foreach (var load in loads)
        {
            var taken = await Patience.TryAsync(() => other.RecoverAsync(load.Ledger));
            Assert.InRange(load.LastAcknowledged, 1_000, taken.LastAddConfirmed.Value);
            await Reading.ExpectAllAsync(other, load.Ledger, taken.LastAddConfirmed);
        }
        await Task.WhenAll(writing).WaitAsync(TimeSpan.FromSeconds(30));
        cluster.Bookies[1].Resume();
    }

    private static async Task<LedgerLoad> LoadedAsync(BookKeeperClient client, CreateLedgerOptions shape)
    {
        var load = new LedgerLoad(await client.CreateAsync(shape));
        _ = load.RunAsync();
        await load.MoreAsync(Entries);
        Assert.Null(load.End);
        return load;
    }

    private static Task<Servers.Processes.ToolRun> ReplicateAsync(FaultyCluster cluster, BookieProcess lost, params string[] options) =>
        BookieProcess.RunAsync(["replicate", "--zk", cluster.Servers.ConnectString, "--lost", lost.Id, .. options]);
}
