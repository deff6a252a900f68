using System.Globalization;
using Daybook.Postgres.Tests.Builds;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;
using Npgsql;
using Xunit.Abstractions;

namespace Daybook.Postgres.Tests.Books;

/// <summary>
/// A network between book and database that breaks at random, by a seed. Each seed is cut for some seconds; as many as the environment variable
/// DAYBOOK_CUT_SECONDS has.
/// </summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class CutConnectionTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private const int Seeds = 20;
    private const int AtOnce = 5;

    private static readonly TimeSpan s_cuts = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("DAYBOOK_CUT_SECONDS") ?? "3", CultureInfo.InvariantCulture));

    [SkippableFact(typeof(MissingToolException))]
    public async Task D4_projections_whose_connections_are_cut_at_random_end_caught_up_and_verified()
    {
        await postgres.StartedAsync();
        var failures = new List<string>();
        foreach (var seeds in Enumerable.Range(1, Seeds).Chunk(AtOnce))
            failures.AddRange((await Task.WhenAll(seeds.Select(RunAsync))).OfType<string>());
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private async Task<string?> RunAsync(int seed)
    {
        try
        {
            output.WriteLine($"seed {seed}: {await CutAsync(seed)} events");
            return null;
        }
        catch (Exception error)
        {
            return $"seed {seed}: {error}";
        }
    }

    private async Task<int> CutAsync(int seed)
    {
        var (server, database) = (await postgres.StartedAsync(), await postgres.DatabaseAsync());
        await using var proxy = FaultProxy.Start(server.Port);
        var through = new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port, Timeout = 5, CommandTimeout = 5, MaxPoolSize = 10 }.ConnectionString;
        await using var book = await new DaybookBuilder().UseMemory().UsePostgresProjections(through).AddHandlers(typeof(TalkHandlers))
            .AddProjection<Hearing, Heard>().Configure(o => o.Partitions = 2)
            .ConfigureProjections(o => o with { MaxRetryDelay = TimeSpan.FromSeconds(1), BatchRecords = 16 }).OpenAsync();
        using var stop = new CancellationTokenSource();
        var speaking = SpeakAsync(book, stop.Token);
        await new ConnectionNemesis(proxy, new Random(seed)).RunAsync(s_cuts);
        await stop.CancelAsync();
        var (commands, last) = await speaking;

        foreach (var position in last.Values)
            await book.Projections.WaitForAsync("heard", position, TalkBook.Limit);
        await Wait.UntilAsync(() => book.Projections.Status is { Count: 2 } s && s.All(p => p.State == ProjectionState.Running), "both projections ran");
        await Node.DoAsync(database, "verify heard");
        var heard = (await book.ReadModel<Heard>().GetAsync("all"))!.Count;
        Assert.Equal(commands, heard);
        return heard;
    }

    /// <summary>Speaks, a word a record, until it is stopped.</summary>
    /// <returns>How often, and the last position of each partition.</returns>
    private static async Task<(int Commands, Dictionary<PartitionId, Position> Last)> SpeakAsync(Book book, CancellationToken stop)
    {
        var last = new Dictionary<PartitionId, Position>();
        var i = 0;
        for (; last.Count < 2 || !stop.IsCancellationRequested; i++)
        {
            var said = (Outcome.Accepted)await book.SendAsync(new Speak($"t{i % 20}", "word"), new CommandId(Guid.NewGuid()), cancellationToken: CancellationToken.None);
            last[said.Position.Partition] = said.Position;
            await Task.Delay(1, CancellationToken.None);
        }
        return (i, last);
    }
}
