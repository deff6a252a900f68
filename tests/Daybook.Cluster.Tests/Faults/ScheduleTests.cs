using System.Diagnostics;
using System.Globalization;
using Daybook.BookKeeper;
using Daybook.Servers.Debian;
using Xunit.Abstractions;

namespace Daybook.Cluster.Tests.Faults;

/// <summary>
/// Real bookies, a writer under load, and a schedule of faults from a seed that the test prints; DAYBOOK_CHAOS_SEED sets it, DAYBOOK_CHAOS_SECONDS has
/// it go on that long. After each schedule two clients take the ledger concurrently, while its writer lives and something is broken.
/// </summary>
public sealed class ScheduleTests(ITestOutputHelper output)
{
    private const int DefaultRounds = 5;
    private static readonly TimeSpan s_endWithin = TimeSpan.FromSeconds(30);

    private readonly int _seed = Setting("DAYBOOK_CHAOS_SEED") ?? 20_261_125;
    private readonly TimeSpan _soak = TimeSpan.FromSeconds(Setting("DAYBOOK_CHAOS_SECONDS") ?? 0);
    private int _survivors;

    [SkippableFact(typeof(MissingToolException))]
    public Task L1_L4_L10_L19_F1_three_bookies_keep_what_was_acknowledged_and_nothing_else_is_ever_read() => RunAsync(3, new CreateLedgerOptions());

    [SkippableFact(typeof(MissingToolException))]
    public Task L1_L4_L10_L12_F1_five_bookies_keep_what_was_acknowledged_while_others_take_the_place_of_those_that_fail() =>
        RunAsync(5, new CreateLedgerOptions());

    [SkippableFact(typeof(MissingToolException))]
    public Task L1_L4_L10_L19_F1_striped_entries_are_kept_likewise() => RunAsync(5, new CreateLedgerOptions { Ensemble = 5 });

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    private async Task RunAsync(int bookies, CreateLedgerOptions shape)
    {
        output.WriteLine($"DAYBOOK_CHAOS_SEED={_seed}");
        await using var cluster = await FaultyCluster.StartAsync(bookies);
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < DefaultRounds || Stopwatch.GetElapsedTime(start) < _soak; round++)
        {
            output.WriteLine($"round {round}, {Stopwatch.GetElapsedTime(start).TotalSeconds:N0} s");
            await RoundAsync(cluster, shape, new Random(unchecked((_seed * 1_009) + round)));
        }
        Assert.NotEqual(0, _survivors);
    }

    private async Task RoundAsync(FaultyCluster cluster, CreateLedgerOptions shape, Random random)
    {
        var nemesis = new Nemesis(cluster, random, output);
        await using var owner = await cluster.ConnectThroughNetworksAsync();
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var load = new LedgerLoad(await owner.CreateAsync(shape));
        var writing = load.RunAsync();
        var following = Reading.FollowAsync(second, load);
        await load.MoreAsync(random.Next(1, 200));
        for (var faults = random.Next(1, 4); faults > 0; faults--)
            await BreakForAWhileAsync(nemesis, load, random);
        await nemesis.StrikeAsync();
        await nemesis.LastAsync();
        _survivors += load.End is null ? 1 : 0;

        var last = await TakeAsync(first, second, load, nemesis, random);
        var begunAfter = load.Next;
        await ExpectEndAsync(load, writing, last, begunAfter);
        await Reading.ExpectAllAsync(first, load.Ledger, last);
        Assert.Equal(last.Value + 1, await following.WaitAsync(s_endWithin));
        await nemesis.HealAsync();
        output.WriteLine($"  {load.Acknowledged} acknowledged, {load.Next} appended, closed at {last}; {load.End!.Message}");
    }

    private static async Task BreakForAWhileAsync(Nemesis nemesis, LedgerLoad load, Random random)
    {
        await nemesis.StrikeAsync();
        if (random.Next(4) == 0)
            await nemesis.StrikeAsync();
        await nemesis.LastAsync();
        await nemesis.HealAsync();
        await load.MoreAsync(random.Next(1, 200)).WaitAsync(s_endWithin);
    }

    /// <summary>Two clients recover concurrently and agree (L10), even with one bookie down (L1).</summary>
    private static async Task<EntryId> TakeAsync(BookKeeperClient first, BookKeeperClient second, LedgerLoad load, Nemesis nemesis, Random random)
    {
        load.IsTaken = true;
        var taking = Task.WhenAll(RecoverAsync(first), RecoverAsync(second));
        if (nemesis.BrokenBookies > 1 || nemesis.HasBrokenZooKeeper || random.Next(3) == 0)
        {
            await nemesis.LastAsync();
            await nemesis.HealAsync();
        }
        var taken = await taking;
        Assert.Equal(taken[0].LastAddConfirmed, taken[1].LastAddConfirmed);
        return taken[0].LastAddConfirmed;

        Task<BookKeeperReader> RecoverAsync(BookKeeperClient client) => Patience.TryAsync(() => client.RecoverAsync(load.Ledger));
    }

    /// <summary>The old writer ends, and has acknowledged nothing but what is in the ledger, in order, and nothing that it was given afterwards.</summary>
    private static async Task ExpectEndAsync(LedgerLoad load, Task writing, EntryId last, long begunAfter)
    {
        await writing.WaitAsync(s_endWithin);
        Assert.IsAssignableFrom<DaybookException>(load.End);
        Assert.Equal(load.LastAcknowledged + 1, load.Acknowledged);
        Assert.InRange(load.LastAcknowledged, -1, last.Value);
        Assert.InRange(load.LastAcknowledged, -1, begunAfter - 1);
        await Assert.ThrowsAnyAsync<DaybookException>(load.AppendAsync);
    }
}
