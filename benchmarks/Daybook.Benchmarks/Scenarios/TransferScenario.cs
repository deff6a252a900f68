using Daybook.Benchmarks.Measuring;
using Daybook.Core.Partitions;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>Transfers between two aggregates that lie in different partitions: two-phase commit each time.</summary>
internal sealed class TransferScenario : IScenario
{
    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        await using var book = await BenchmarkBook.OpenAsync(Path.Combine(folder, "book"), arguments);
        await BenchmarkBook.OpenAccountsAsync(book, arguments.Accounts);
        var transfer = Operation(book, arguments);
        foreach (var inFlight in arguments.InFlight is { } given ? [given] : new[] { 1, 1000 })
        {
            var fdatasync = DeviceProbe.FdatasyncP50(folder);
            var load = await ClosedLoop.RunAsync(inFlight, arguments.Seconds, transfer);
            new Report("transfer", arguments.Json).Add("in_flight", inFlight).Add("accounts", arguments.Accounts).Add(load)
                .Add("fdatasync_p50_us", fdatasync).Add("p50_of_fdatasync", load.P50 / fdatasync).Print();
        }
    }

    /// <summary>One transfer, between each pair of accounts in turn.</summary>
    public static Func<int, ValueTask> Operation(Book book, BenchmarkArguments arguments)
    {
        var pairs = Pairs(arguments);
        var turn = 0;
        return async _ =>
        {
            var (from, to) = pairs[(uint)Interlocked.Increment(ref turn) % (uint)pairs.Length];
            BenchmarkBook.Accepted(await book.SendAsync(new Transfer(from, to, 1), BenchmarkBook.NewId()));
        };
    }

    /// <summary>Random pairs of accounts in different partitions, made before the clock runs.</summary>
    private static (string From, string To)[] Pairs(BenchmarkArguments arguments)
    {
        var map = new PartitionMap(arguments.Partitions);
        var random = new Random(7);
        var pairs = new List<(string, string)>();
        while (pairs.Count < 20_000)
        {
            var (from, to) = (BenchmarkBook.AccountName(random.Next(arguments.Accounts)), BenchmarkBook.AccountName(random.Next(arguments.Accounts)));
            if (map.Of(StreamId.For("account", from)) != map.Of(StreamId.For("account", to)))
                pairs.Add((from, to));
        }
        return [.. pairs];
    }
}
