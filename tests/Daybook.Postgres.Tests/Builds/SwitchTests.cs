using System.Globalization;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;
using Npgsql;

namespace Daybook.Postgres.Tests.Builds;

/// <summary>What readers see while builds are switched under live traffic.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class SwitchTests(SharedPostgres postgres)
{
    // One event and one key for each record: what the view counts is where the checkpoints of the current build are, in one moment.
    private const string Look =
        """
        select (select coalesce(sum((document->>'Count')::bigint), 0)::bigint from daybook.projection_tally),
            (select coalesce(sum(next_offset), 0)::bigint from daybook.checkpoints c join daybook.projections p on p.name = c.projection and p.build = c.build)
        """;

    private readonly MemoryEventFeed _zero = new(default);
    private readonly MemoryEventFeed _one = new(new PartitionId(1));

    [SkippableFact(typeof(MissingToolException))]
    public async Task Reader_never_sees_nothing_half_of_each_or_an_earlier_moment_while_builds_are_switched()
    {
        var database = await postgres.DatabaseAsync();
        Append(300);
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        await node.LevelAsync(_zero, _one);
        using var stop = new CancellationTokenSource();
        var (traffic, reader) = (TrafficAsync(stop.Token), ReadAsync(database, stop.Token));
        try
        {
            await node.DoAsync("rebuild tally");
            for (var i = 0; i < 6; i++)
                await node.DoAsync("back tally");
            await node.DoAsync("rebuild tally");
        }
        finally
        {
            await stop.CancelAsync();
            await traffic;
        }

        Assert.True(await reader > 50, "the reader looked often");
        await node.LevelAsync(_zero, _one);
        Assert.Contains("matches its events", await node.DoAsync("verify tally"), StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Build_that_fell_behind_what_is_shown_is_not_shown_before_it_is_level_again()
    {
        var database = await postgres.DatabaseAsync();
        Append(10);
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        await node.LevelAsync(_zero, _one);
        await node.DoAsync("rebuild tally --manual");
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var held = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("lock table daybook.projection_tally_v1_b2 in share mode", connection);
        await hold.ExecuteNonQueryAsync();
        var late = _zero.Append("s", new Added(1, "late"));
        await Wait.UntilAsync(() => node.Host.Status.Where(s => s.Build == 1).All(s => s.Lag == 0), "what is shown went on");

        var (code, _, error) = await Node.TryAsync(database, "switch tally");

        Assert.Equal(2, code);
        Assert.Contains("tally v1 build 2 is at offset 10 of partition 0, which is followed, behind 11 of what is shown", error, StringComparison.Ordinal);
        Assert.Equal("21|21", await Sql.QueryAsync(database, Look));
        await held.RollbackAsync();
        await node.AppliedAsync(late);
        await node.DoAsync("switch tally");
        Assert.Equal("21|21", await Sql.QueryAsync(database, Look));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Builds_are_dropped_under_live_traffic_and_what_is_shown_goes_on()
    {
        var database = await postgres.DatabaseAsync();
        Append(300);
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        await node.LevelAsync(_zero, _one);
        using var stop = new CancellationTokenSource();
        var (traffic, reader) = (TrafficAsync(stop.Token), ReadAsync(database, stop.Token));
        try
        {
            for (var build = 2; build <= 5; build++)
            {
                await node.DoAsync("rebuild tally");
                await node.DoAsync($"drop tally --build {build - 1}");
            }
        }
        finally
        {
            await stop.CancelAsync();
            await traffic;
        }

        await reader;
        await node.LevelAsync(_zero, _one);
        await Wait.UntilAsync(() => node.Host.Status.All(s => s is { Build: 5, Lag: 0 }), "the last build was the only one");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Reader_that_holds_the_view_holds_up_the_switch_and_no_other_reader()
    {
        var database = await postgres.DatabaseAsync();
        Append(10);
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        await node.LevelAsync(_zero, _one);
        await node.DoAsync("rebuild tally --manual");
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var held = await connection.BeginTransactionAsync();
        await using var look = new NpgsqlCommand(Look, connection);
        await look.ExecuteScalarAsync();

        var switching = node.DoAsync("switch tally");
        for (var i = 0; i < 20; i++)
            Assert.Equal("20|20", await Sql.QueryAsync(database, Look)); // waits at most until the switch times out, see the time limit of the test run
        Assert.False(switching.IsCompleted);
        await held.RollbackAsync();

        await switching;
        Assert.Equal("20|20", await Sql.QueryAsync(database, Look));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Write_that_was_waited_for_is_seen_whichever_build_is_shown_by_then()
    {
        var database = await postgres.DatabaseAsync();
        Append(100);
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        await node.LevelAsync(_zero, _one);
        using var stop = new CancellationTokenSource();
        var model = node.Sink.ReadModel(new CountingProjection());
        var writing = Task.Run(async () =>
        {
            var writes = 0;
            for (; !stop.IsCancellationRequested; writes++)
            {
                await node.AppliedAsync(_zero.Append("s", new Added(1, $"own-{writes}")));
                Assert.NotNull(await model.GetAsync($"own-{writes}"));
            }
            return writes;
        });

        await node.DoAsync("rebuild tally");
        for (var i = 0; i < 4; i++)
            await node.DoAsync("back tally");

        await stop.CancelAsync();
        Assert.True(await writing > 50, "it wrote often");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Background_build_is_paced_and_shows_the_time_left()
    {
        var database = await postgres.DatabaseAsync();
        Append(3000);
        await using var node = await Node.StartAsync(database, [_zero, _one], with: o => o with { RebuildShare = 0.05 });
        await node.LevelAsync(_zero, _one);
        await node.DoAsync("rebuild tally --no-wait");

        var line = "";
        await Wait.UntilAsync(
            async () => (line = Of(await node.DoAsync("status"), "build 2: to be shown")).Contains("s left", StringComparison.Ordinal), "the time that is left was known");

        var (done, rate, left) = (Number(line, "; ", " of 6,000 records"), Number(line, "%), ", "/s"), Number(line, "/s, ", " s left"));
        Assert.InRange(done, 1, 5999);
        Assert.InRange(left, 1, Math.Max(2, 2.5 * ((6000 - done) / Math.Max(1, rate))));
        Assert.True(node.Host.Status.Where(s => s.Build == 2).All(s => s.State == ProjectionState.CatchingUp) || left < 5, line);
    }

    private static string Of(string status, string part) => status.Split('\n').FirstOrDefault(l => l.Contains(part, StringComparison.Ordinal)) ?? "";

    private static double Number(string line, string after, string before)
    {
        var end = line.IndexOf(before, StringComparison.Ordinal);
        var start = line.LastIndexOf(after, end, StringComparison.Ordinal) + after.Length;
        return double.Parse(line[start..end], CultureInfo.InvariantCulture);
    }

    private void Append(int records)
    {
        for (var i = 0; i < records; i++)
        {
            _zero.Append("s", new Added(1, $"k{i % 9}"));
            _one.Append("t", new Added(1, $"k{i % 7}"));
        }
    }

    private async Task TrafficAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!stop.IsCancellationRequested)
        {
            Append(1);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static async Task<int> ReadAsync(string database, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(CancellationToken.None);
        await using var look = new NpgsqlCommand(Look, connection);
        var (looks, last) = (0, 600L);
        for (; !stop.IsCancellationRequested; looks++)
        {
            await using var row = await look.ExecuteReaderAsync(CancellationToken.None);
            await row.ReadAsync(CancellationToken.None);
            var (seen, applied) = (row.GetInt64(0), row.GetInt64(1));
            Assert.Equal(applied, seen);
            Assert.True(seen >= last, $"{seen} after {last}");
            last = seen;
        }
        return looks;
    }
}
