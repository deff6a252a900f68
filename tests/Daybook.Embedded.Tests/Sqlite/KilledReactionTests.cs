using System.Diagnostics;
using Daybook.Embedded.Crash;

namespace Daybook.Embedded.Tests.Sqlite;

public sealed class KilledReactionTests
{
    private const int Kills = 12;

    [Fact]
    public async Task J5_a_process_killed_again_and_again_reacts_to_everything_acknowledged_in_order_and_repeats_one_record_of_each_partition_at_most()
    {
        using var folder = new TemporaryFolder();
        var acknowledged = new HashSet<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = Start(folder.Path, "react");
            for (var line = 0; line < 20 + (kill * 13); line++)
                acknowledged.Add(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync()));
            process.Kill();
            await process.WaitForExitAsync();
        }
        using var last = Start(folder.Path, "drain");
        await last.WaitForExitAsync();
        Assert.True(last.ExitCode == 0, await last.StandardError.ReadToEndAsync());

        var effects = File.ReadAllLines(folder["effects"]).Select(line => line.Split(' ')).Select(l => (Position: l[0], Event: l[1], Id: l[2])).ToList();
        Assert.Subset(effects.Select(e => e.Position).ToHashSet(), acknowledged);
        Assert.All(effects.GroupBy(e => e.Event), same => Assert.Single(same.Distinct()));
        var distinct = effects.DistinctBy(e => e.Event).ToList();
        Assert.InRange(effects.Count - distinct.Count, 0, Kills * ReactingBook.Partitions);
        Assert.Equal(distinct.Count, distinct.Select(e => e.Id).Distinct().Count());
        foreach (var partition in distinct.Select(e => e.Position.Split('@')).GroupBy(p => p[0]))
        {
            var offsets = partition.Select(p => long.Parse(p[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(offsets.Order(), offsets);
        }
    }

    private static Process Start(string folder, string what) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Daybook.Embedded.Crash.dll"), folder, what])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
}
