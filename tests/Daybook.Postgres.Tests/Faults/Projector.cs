using System.Globalization;
using Daybook.Postgres.Crash;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Servers;
using Daybook.Servers.Processes;

namespace Daybook.Postgres.Tests.Faults;

/// <summary>A projecting process to be killed and frozen, and the properties that its read model must keep throughout.</summary>
internal static class Projector
{
    internal const int Partitions = 3;

    private const string Checkpoints = "select coalesce(sum(next_offset), 0)::bigint from daybook.checkpoints";

    internal static ServerProcess Start(string connectionString, long epoch) => ServerProcess.Start("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "Daybook.Postgres.Crash.dll"), connectionString, $"{Partitions}", epoch.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>One whose journals grow by the clock, and whose builds are looked after.</summary>
    internal static ServerProcess StartSupervised(string connectionString, long epoch, int records, DateTimeOffset at, int rate) => ServerProcess.Start("dotnet",
    [
        Path.Combine(AppContext.BaseDirectory, "Daybook.Postgres.Crash.dll"), connectionString, $"{Partitions}",
        .. new[] { epoch, records, at.ToUnixTimeMilliseconds(), rate }.Select(n => n.ToString(CultureInfo.InvariantCulture)),
    ]);

    /// <summary>Waits until the given number of further records have been applied.</summary>
    internal static async Task AdvancesAsync(string database, long records)
    {
        var until = await ProgressAsync(database) + records;
        await Wait.UntilAsync(async () => await ProgressAsync(database) >= until, $"{records} more records were applied");
    }

    /// <summary>How many records were applied; 0 while there is no schema.</summary>
    internal static async Task<long> ProgressAsync(string database)
    {
        try
        {
            return long.Parse(await Sql.QueryAsync(database, Checkpoints), CultureInfo.InvariantCulture);
        }
        catch (Npgsql.PostgresException error) when (error.SqlState is "42P01" or "3F000")
        {
            return 0;
        }
    }

    /// <summary>Compares every document with a fold in memory up to the checkpoints of the same moment.</summary>
    internal static async Task VerifyAsync(string database)
    {
        var stored = (await Sql.QueryAsync(database,
            """
            select 'checkpoint', partition::text, next_offset::text from daybook.checkpoints
            union all (select key, document->>'Sum', document->>'Count' from daybook.projection_sums_v1 order by key)
            """)).Split(' ').ToLookup(row => row.StartsWith("checkpoint|", StringComparison.Ordinal));

        var expected = await FoldAsync(stored[true].Select(row => row.Split('|')).Select(c => (new PartitionId(Number(c[1])), (long)Number(c[2]))));

        Assert.Equal(expected, stored[false]);
    }

    private static async Task<List<string>> FoldAsync(IEnumerable<(PartitionId Partition, long Next)> checkpoints)
    {
        var (memory, decoder) = (new MemoryProjections(), new NumberDecoder());
        var writer = memory.Writer(new SumsProjection());
        foreach (var (partition, next) in checkpoints)
        {
            await writer.StartAsync(partition, new Epoch(1));
            var events = Enumerable.Range(0, (int)next).Select(offset => EndlessFeed.At(partition, offset)).Select(e => new ProjectedEvent(decoder.Decode(e), e));
            await writer.ApplyAsync(new ProjectionBatch(partition, new Epoch(1), new JournalOffset(0), new JournalOffset(next), [.. events]));
        }
        var rows = new List<string>();
        await foreach (var (key, sums) in memory.ReadModel(new SumsProjection()).QueryAsync())
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"{key}|{sums.Sum}|{sums.Count}"));
        return rows;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
