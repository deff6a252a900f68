using Daybook.BookKeeper;
using Daybook.BookKeeper.Store;
using Daybook.Servers.BookKeeper;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;
using Daybook.Servers.ZooKeeper;
using Daybook.ZooKeeper;

namespace Daybook.Cluster.Tests.Books;

/// <summary>Whole books on three real bookies: ZooKeeper decides who tries, the bookies' fences decide who can.</summary>
public sealed class BookOnBookiesTests
{
    private const int Seed = 20_261_125;
    private static readonly TimeSpan s_session = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [SkippableFact(typeof(MissingToolException))]
    public async Task F1_J3_J5_book_that_ZooKeeper_lost_acknowledges_nothing_on_bookies_after_another_took_over()
    {
        await using var cluster = await BookieCluster.StartAsync(3);
        await using var network = FaultProxy.Start(cluster.ZooKeeper.Port);
        await using var old = await OpenAsync(network.Address);
        var load = new PassingLoad(Seed);
        await load.SendAsync(old, 500);
        Assert.Equal(500, load.Accepted);

        var opening = OpenAsync(cluster.ConnectString);
        network.HoldAll();
        await load.SendUntilAsync(old, opening).WaitAsync(s_patience);
        await using var next = await opening;
        var before = load.Accepted;
        await load.SendAsync(old, 50).WaitAsync(s_patience);
        Assert.Equal(before, load.Accepted);
        await load.ExpectOnceAsync(next);
        network.ReleaseAll();
        await load.SendAsync(next, 200);
        await load.ExpectOnceAsync(next);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task J4_J5_book_goes_on_while_each_of_three_bookies_is_killed_in_turn_and_another_takes_over_with_two()
    {
        await using var cluster = await BookieCluster.StartAsync(3, new ZooKeeperServerOptions { MaxSessionTimeout = s_session });
        var load = new PassingLoad(Seed);
        foreach (var bookie in cluster.Bookies)
        {
            await using (var book = await OpenAsync(cluster.ConnectString))
            {
                await load.SendUntilAsync(book, bookie.KillAsync());
                await ExpectAcceptedAsync(book, load, 500);
            }
            await using var client = await BookKeeperClient.ConnectAsync(cluster.ConnectString);
            await Wait.UntilAsync(() => client.Bookies.Count == 2, "the registration of the dead bookie was gone");
            await using var next = await OpenAsync(cluster.ConnectString);
            await ExpectAcceptedAsync(next, load, 500);
            await load.SendUntilAsync(next, bookie.RestartAsync());
            await ExpectAcceptedAsync(next, load, 500);
        }
        await ExpectSomeSmallerAsync(cluster);
        await using var last = await OpenAsync(cluster.ConnectString);
        await load.ExpectOnceAsync(last);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task L1_J5_book_on_one_bookie_acknowledges_nothing_and_goes_on_once_there_are_two()
    {
        await using var cluster = await BookieCluster.StartAsync(3);
        await using var book = await OpenAsync(cluster.ConnectString);
        var load = new PassingLoad(Seed);
        await load.SendAsync(book, 200);
        await cluster.Bookies[0].KillAsync();
        await cluster.Bookies[1].KillAsync();
        var before = load.Accepted;
        await load.SendAsync(book, 50).WaitAsync(s_patience);
        Assert.Equal(before, load.Accepted);
        await cluster.Bookies[1].RestartAsync();
        await Wait.UntilAsync(() => book.Partitions.All(partition => partition.IsOwned), "the book owned its partitions again");
        await load.ExpectOnceAsync(book);
    }

    private static async Task ExpectAcceptedAsync(Book book, PassingLoad load, int commands)
    {
        var before = load.Accepted;
        await load.SendAsync(book, commands).WaitAsync(s_patience);
        Assert.Equal(before + commands, load.Accepted);
    }

    /// <summary>Ledgers were begun while a bookie was dead, and had to do with two.</summary>
    private static async Task ExpectSomeSmallerAsync(BookieCluster cluster)
    {
        await using var client = await BookKeeperClient.ConnectAsync(cluster.ConnectString);
        var sizes = new HashSet<int>();
        await foreach (var ledger in client.ListAsync())
            sizes.Add((await client.DescribeAsync(ledger))!.Ensemble);
        Assert.Equal([2, 3], sizes.Order());
    }

    private static async Task<Book> OpenAsync(string zooKeeper)
    {
        var client = new BookKeeperOptions(new ZooKeeperOptions(zooKeeper) { SessionTimeout = s_session })
        {
            AddTimeout = TimeSpan.FromSeconds(3), ReadTimeout = TimeSpan.FromSeconds(3), AvoidFor = TimeSpan.FromSeconds(2),
        };
        return await new DaybookBuilder()
            .UseBookKeeper(client, new BookKeeperStoreOptions())
            .AddHandlers(typeof(PurseHandlers))
            .Configure(options => (options.Partitions, options.LedgerBytes) = (4, 1024 * 1024))
            .OpenAsync();
    }
}
