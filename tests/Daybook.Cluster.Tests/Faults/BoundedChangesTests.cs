using System.Diagnostics;
using Daybook.BookKeeper;
using Daybook.BookKeeper.Metadata;
using Daybook.Servers.Debian;
using Daybook.ZooKeeper;

namespace Daybook.Cluster.Tests.Faults;

/// <summary>Changes of a ledger's metadata are bounded by failures of bookies, not by the time that the failed ones stay away.</summary>
public sealed class BoundedChangesTests
{
    private const int Stopped = 2;
    private static readonly TimeSpan s_away = TimeSpan.FromSeconds(5);

    [SkippableTheory(typeof(MissingToolException))]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    public async Task Writer_that_still_reaches_its_quorum_goes_on_with_few_changes_while_bookies_are_away(int bookies, int ackQuorum)
    {
        await using var cluster = await FaultyCluster.StartAsync(bookies);
        await using var client = await cluster.ConnectAsync();
        var writer = await client.CreateAsync(new CreateLedgerOptions { AckQuorum = ackQuorum });
        await writer.AppendAsync(new byte[10]);
        await StopAsync(cluster, client, writer.Id);

        await AppendForAsync(writer, s_away);

        Assert.InRange(await VersionAsync(cluster, writer.Id), 0, Stopped);
        await RestartAsync(cluster);
        await AppendForAsync(writer, TimeSpan.FromSeconds(1));
        Assert.InRange(await VersionAsync(cluster, writer.Id), 0, 2 * Stopped);
        await writer.CloseAsync();
        Assert.Equal(writer.LastAddConfirmed, (await client.OpenAsync(writer.Id)).LastAddConfirmed);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Writer_that_misses_its_quorum_ends_with_a_lasting_error_and_changes_nothing()
    {
        await using var cluster = await FaultyCluster.StartAsync(3);
        await using var client = await cluster.ConnectAsync();
        var writer = await client.CreateAsync();
        await writer.AppendAsync(new byte[10]);
        await StopAsync(cluster, client, writer.Id);

        var failure = await Assert.ThrowsAsync<InDoubtException>(() => AppendForAsync(writer, TimeSpan.FromMinutes(1)));
        Assert.Equal(BookKeeperError.NotEnoughBookies, Assert.IsType<BookKeeperException>(failure.InnerException).Error);
        await RestartAsync(cluster);
        var later = await Assert.ThrowsAsync<BookKeeperException>(() => writer.AppendAsync(new byte[10]));

        Assert.Equal((BookKeeperError.WriterFailed, false), (later.Error, later.IsTransient));
        Assert.Equal(0, await VersionAsync(cluster, writer.Id));
        Assert.InRange((await Patience.TryAsync(() => client.RecoverAsync(writer.Id))).LastAddConfirmed.Value, 0, 1);
    }

    /// <summary>Kills one bookie of the ledger and another one, of no ledger where there is such: ZooKeeper lists both for some time
    /// after.</summary>
    private static async Task StopAsync(FaultyCluster cluster, BookKeeperClient client, LedgerId ledger)
    {
        var used = (await client.DescribeAsync(ledger))!.Fragments[^1].Bookies;
        var stopped = cluster.Bookies.OrderBy(bookie => used.Contains(new BookieId(bookie.Id)) ? 1 : 0).Take(Stopped);
        foreach (var bookie in stopped.ToList())
            await bookie.KillAsync();
    }

    private static async Task RestartAsync(FaultyCluster cluster)
    {
        foreach (var bookie in cluster.Bookies.Where(bookie => !bookie.IsRunning))
            await bookie.RestartAsync();
    }

    private static async Task AppendForAsync(BookKeeperWriter writer, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            await writer.AppendAsync(new byte[10]);
            await Task.Delay(10);
        }
    }

    private static async Task<int> VersionAsync(FaultyCluster cluster, LedgerId ledger)
    {
        var options = new BookKeeperOptions(new ZooKeeperOptions(cluster.Servers.ConnectString));
        await using var sessions = new SessionKeeper(options.ZooKeeper);
        var metadata = await ZooKeeperMetadataStore.OpenAsync(sessions, options, CancellationToken.None);
        return (await metadata.ReadAsync(ledger)).Version;
    }
}
