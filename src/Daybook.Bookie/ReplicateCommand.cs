using System.Globalization;
using Daybook.BookKeeper;
using Daybook.Bookie.CommandLine;
using Daybook.ZooKeeper;

namespace Daybook.Bookie;

/// <summary>Restores the copies that a lost bookie held, and reports the result.</summary>
internal static class ReplicateCommand
{
    /// <summary>Runs once over all ledgers; another run continues where this one stopped.</summary>
    /// <returns>True when no ledger names the lost bookie any more.</returns>
    /// <exception cref="BookKeeperException">The cluster cannot be reached, or its ledgers cannot be listed.</exception>
    public static async Task<bool> RunAsync(ReplicateArguments arguments, TextWriter output)
    {
        var options = new BookKeeperOptions(new ZooKeeperOptions(arguments.ZooKeeper)) { LedgersRoot = arguments.LedgersRoot };
        var client = await BookKeeperClient.ConnectAsync(options).ConfigureAwait(false);
        await using (client.ConfigureAwait(false))
        {
            var report = await client.ReplicateAsync(arguments.Lost, new ReplicationOptions { RecoverOpenLedgers = arguments.RecoverOpen }).ConfigureAwait(false);
            foreach (var line in Lines(report))
                await output.WriteLineAsync(line).ConfigureAwait(false);
            return report.IsComplete;
        }
    }

    private static IEnumerable<string> Lines(ReplicationReport report)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture, $"{report.Ledgers} ledgers named {report.Lost}: {report.Entries} entries in {report.Fragments} fragments were copied");
        foreach (var ledger in report.LeftToWriters)
            yield return $"ledger {ledger} is open on it: its writer replaces it with its next append; if the writer is gone too, use --recover-open";
        foreach (var failure in report.Failures)
            yield return $"ledger {failure.Ledger}{(failure.FirstEntry is { } first ? $", from entry {first}" : "")}: {failure.Error.Message}";
        yield return report.IsComplete
            ? $"no ledger names {report.Lost} any more"
            : $"{report.Lost} is still named; run this again";
    }
}
