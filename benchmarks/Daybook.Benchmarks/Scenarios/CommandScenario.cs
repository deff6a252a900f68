using Daybook.Benchmarks.Measuring;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>Commands with handler, fold and JSON event: spread evenly over many aggregates, or all on one.</summary>
/// <param name="name">The scenario's name.</param>
/// <param name="hot">All on one aggregate.</param>
internal sealed class CommandScenario(string name, bool hot) : IScenario
{
    public async Task RunAsync(BenchmarkArguments arguments, string folder)
    {
        await using var book = await BenchmarkBook.OpenAsync(Path.Combine(folder, "book"), arguments);
        var accounts = hot ? 1 : arguments.Accounts;
        await BenchmarkBook.OpenAccountsAsync(book, accounts);
        var names = Enumerable.Range(0, accounts).Select(BenchmarkBook.AccountName).ToArray();
        foreach (var inFlight in arguments.InFlight is { } given ? [given] : new[] { 1, 1000 })
        {
            var fdatasync = DeviceProbe.FdatasyncP50(folder);
            var turn = 0;
            var load = await ClosedLoop.RunAsync(inFlight, arguments.Seconds, async _ =>
            {
                var account = names[(uint)Interlocked.Increment(ref turn) % (uint)names.Length];
                BenchmarkBook.Accepted(await book.SendAsync(new Deposit(account, 1), BenchmarkBook.NewId()));
            });
            new Report(name, arguments.Json).Add("in_flight", inFlight).Add("accounts", accounts).Add(load)
                .Add("fdatasync_p50_us", fdatasync).Add("p50_of_fdatasync", load.P50 / fdatasync).Print();
        }
    }
}
