using System.ComponentModel.DataAnnotations;
using Daybook.Postgres.Tables;
using Daybook.Postgres.Tests.Support;
using Daybook.Postgres.Verifying;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;

namespace Daybook.Postgres.Tests.Builds;

/// <summary>What is stored, compared with what the events make.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class VerifyTests(SharedPostgres postgres)
{
    private readonly MemoryEventFeed _zero = new(default);
    private readonly MemoryEventFeed _one = new(new PartitionId(1));

    [SkippableFact(typeof(MissingToolException))]
    public async Task Row_changed_by_hand_is_found_with_both_values_and_the_event_that_changed_it_last()
    {
        var database = await postgres.DatabaseAsync();
        foreach (var key in new[] { "b", "a", "c", "a" })
            _one.Append("t", new Added(2, key));
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        await node.AppliedAsync(_zero.Append("s", new Added(1, "z")));
        await node.LevelAsync(_one);
        Assert.Contains("Projection tally v1 build 1 matches its events: 4 rows compared, at 0@1, 1@4.", await node.DoAsync("verify tally"), StringComparison.Ordinal);

        await Sql.ExecuteAsync(database, "update daybook.projection_tally_v1 set document = jsonb_set(document, '{Sum}', '5') where key in ('a', 'c')");

        var (code, output, _) = await Node.TryAsync(database, "verify tally");
        Assert.Equal(1, code);
        Assert.Contains("key:     a\n", output, StringComparison.Ordinal);
        Assert.Contains("stored:  {\"Sum\": 5, \"Note\": null, \"Count\": 2}\n", output, StringComparison.Ordinal);
        Assert.Contains("folded:  {\"Sum\": 4, \"Note\": null, \"Count\": 2}\n", output, StringComparison.Ordinal);
        Assert.Contains("event:   'Added' at 1@3 of stream 't', version 4\n", output, StringComparison.Ordinal);
        await AssertNoShadowAsync(database);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Rows_that_are_missing_left_over_or_never_had_an_event_are_found()
    {
        var database = await postgres.DatabaseAsync();
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        _zero.Append("s", new Added(2, "m"));
        _zero.Append("s", new Added(-2, "m"));
        _zero.Append("s", new Added(3, "k"));
        await node.LevelAsync(_zero);
        foreach (var (damage, repair, stored, folded, by) in new[]
        {
            ("delete from daybook.projection_tally_v1 where key = 'k'", "insert into daybook.projection_tally_v1 values ('k', '{\"Sum\": 3, \"Note\": null, \"Count\": 1}')",
                "no row", "{\"Sum\": 3, \"Note\": null, \"Count\": 1}", "'Added' at 0@2"),
            ("insert into daybook.projection_tally_v1 values ('m', '{}')", "delete from daybook.projection_tally_v1 where key = 'm'", "{}", "no row", "'Added' at 0@1"),
            ("insert into daybook.projection_tally_v1 values ('x', '{}')", "delete from daybook.projection_tally_v1 where key = 'x'", "{}", "no row",
                "no event has changed this row"),
        })
        {
            await Sql.ExecuteAsync(database, damage);
            var (code, output, error) = await Node.TryAsync(database, "verify tally");
            Assert.True(code == 1, error + output);
            Assert.Contains($"stored:  {stored}\n", output, StringComparison.Ordinal);
            Assert.Contains($"folded:  {folded}\n", output, StringComparison.Ordinal);
            Assert.Contains($"event:   {by}", output, StringComparison.Ordinal);
            await Sql.ExecuteAsync(database, repair);
        }
        Assert.Contains("1 rows compared", await node.DoAsync("verify tally"), StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Rows_of_tables_are_compared_under_live_traffic_and_named_by_all_columns_of_their_key()
    {
        var database = await postgres.DatabaseAsync();
        await using var node = await Node.StartAsync(database, [_zero, _one], sink => sink.Writer(new Entries()));
        using var stop = new CancellationTokenSource();
        var traffic = Traffic(stop.Token);
        try
        {
            for (var i = 0; i < 3; i++)
                Assert.Contains("matches its events", await node.DoAsync("verify entries"), StringComparison.Ordinal);
            await Sql.ExecuteAsync(database, "update daybook.projection_entries_v1 set amount = -1 where account = 'k3' and partition = 1");

            var (code, output, error) = await Node.TryAsync(database, "verify entries");

            Assert.True(code == 1, error + output);
            Assert.Contains("key:     [\"k3\", 1]\n", output, StringComparison.Ordinal);
            Assert.Contains("event:   'Added' at 1@", output, StringComparison.Ordinal);
            await node.DoAsync("rebuild entries");
            Assert.Contains("matches its events", await node.DoAsync("verify entries"), StringComparison.Ordinal);
        }
        finally
        {
            await stop.CancelAsync();
            await traffic;
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Projection_that_has_seen_no_event_yet_is_what_its_events_make()
    {
        var database = await postgres.DatabaseAsync();
        await using var node = await Node.StartAsync(database, [_zero, _one], sink => sink.Writer(new Entries()));
        for (var i = 0; i < 5; i++)
            Assert.Contains("0 rows compared", await node.DoAsync("verify entries"), StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Sample_folds_and_compares_the_same_part_of_the_keys_each_time()
    {
        var database = await postgres.DatabaseAsync();
        await using var node = await Node.StartAsync(database, [_zero]);
        for (var i = 0; i < 400; i++)
            _zero.Append("s", new Added(1, $"key-{i}"));
        await node.LevelAsync(_zero);
        var taken = Enumerable.Range(0, 400).Where(i => Sample.Takes($"key-{i}", 10)).ToList();
        Assert.InRange(taken.Count, 20, 60);

        Assert.Contains($": {taken.Count} rows compared", await node.DoAsync("verify tally --sample 10%"), StringComparison.Ordinal);
        await Sql.ExecuteAsync(database, $"update daybook.projection_tally_v1 set document = '{{}}' where key <> 'key-{taken[7]}'");
        Assert.Equal(1, (await Node.TryAsync(database, "verify tally --sample 10%")).Code);
        Assert.Contains("--sample must be from 1 %", (await Node.TryAsync(database, "verify tally --sample 0%")).Error, StringComparison.OrdinalIgnoreCase);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Shadow_that_is_parked_ends_the_verification_with_the_event_and_leaves_nothing()
    {
        var database = await postgres.DatabaseAsync();
        await using var node = await Node.StartAsync(database, [_zero]);
        _zero.Append("s", new Broken("a"));
        await Servers.Wait.UntilAsync(async () => (await node.DoAsync("status")).Contains("Parked", StringComparison.Ordinal), "it was parked");
        await node.DoAsync("skip tally 0@0");
        await node.AppliedAsync(_zero.Append("s", new Added(1, "a")));

        var (code, _, error) = await Node.TryAsync(database, "verify tally");

        Assert.Equal(2, code);
        Assert.Contains("partition 0 is parked at 0@0", error, StringComparison.Ordinal);
        await AssertNoShadowAsync(database);
    }

    private static async Task AssertNoShadowAsync(string database)
    {
        Assert.Equal("1|live", await Sql.QueryAsync(database, "select build, state from daybook.builds"));
        Assert.Equal("projection_tally_v1", await Sql.QueryAsync(database, "select tablename from pg_tables where tablename like 'projection\\_%'"));
    }

    private async Task Traffic(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            _zero.Append("s", new Added(i, $"k{i % 7}"));
            _one.Append("t", new Added(1, $"k{i % 5}"));
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public sealed record Entry([property: Key] string Account, [property: Key] int Partition, decimal Amount, string? Last);

    [Projection("entries")]
    private sealed class Entries : ITableProjection<Entry>
    {
        public IEnumerable<RowChange<Entry>> ChangesOf(ProjectedEvent projected)
        {
            var (added, position) = ((Added)projected.Body, projected.Recorded.Position);
            foreach (var key in added.Keys)
                yield return RowChange.Add(new Entry(key, position.Partition.Value, added.Amount, position.Offset.ToString()));
        }
    }
}
