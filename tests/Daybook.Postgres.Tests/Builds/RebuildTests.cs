using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;

namespace Daybook.Postgres.Tests.Builds;

/// <summary>A build beside the one that is shown, the switch, the way back, and what is dropped.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class RebuildTests(SharedPostgres postgres)
{
    private const string Shown = "select coalesce(string_agg(key || '=' || (document->>'Sum'), ' ' order by key), 'nothing') from daybook.projection_tally";

    private readonly MemoryEventFeed _zero = new(default);
    private readonly MemoryEventFeed _one = new(new PartitionId(1));

    [SkippableFact(typeof(MissingToolException))]
    public async Task Rebuild_replaces_what_somebody_damaged_and_the_way_back_is_instant_and_exact()
    {
        var database = await postgres.DatabaseAsync();
        Fill(100);
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        await node.LevelAsync(_zero, _one);
        await Sql.ExecuteAsync(database, "update daybook.projection_tally_v1 set document = '{\"Sum\": 7, \"Count\": 7}' where key = 'a'");
        Assert.Equal("a=7 b=50", await Sql.QueryAsync(database, Shown));

        var output = await node.DoAsync("rebuild tally");

        Assert.Contains("tally v1 build 2 is shown", output, StringComparison.Ordinal);
        Assert.Contains("200 of 200 records (100.0 %)", output, StringComparison.Ordinal);
        Assert.Equal("a=150 b=50", await Sql.QueryAsync(database, Shown));
        Assert.Equal(new Tally(150, 150), await node.Sink.ReadModel(new CountingProjection()).GetAsync("a"));
        await node.AppliedAsync(_zero.Append("s", new Added(1000, "a")));
        Assert.Equal("a=1150 b=50", await Sql.QueryAsync(database, Shown));

        await node.DoAsync("back tally");

        Assert.Equal("a=1007 b=50", await Sql.QueryAsync(database, Shown)); // the damage, and what has happened since
        await node.AppliedAsync(_one.Append("s", new Added(1, "b")));
        Assert.Equal("a=1007 b=51", await Sql.QueryAsync(database, Shown));
        await node.DoAsync("back tally");
        Assert.Equal("a=1150 b=51", await Sql.QueryAsync(database, Shown));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Manual_rebuild_waits_for_the_switch_and_goes_on_being_projected()
    {
        var database = await postgres.DatabaseAsync();
        Fill(30);
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        await node.LevelAsync(_zero, _one);

        Assert.Contains("has caught up. To show it: projections switch tally", await node.DoAsync("rebuild tally --manual"), StringComparison.Ordinal);
        await node.AppliedAsync(_zero.Append("s", new Added(5, "c")));

        Assert.Equal("1|live 2|filling", await Sql.QueryAsync(database, "select build, state from daybook.builds order by build"));
        await node.DoAsync("switch tally");
        Assert.Equal("a=45 b=15 c=5", await Sql.QueryAsync(database, Shown));
        Assert.Equal("projection_tally_v1_b2", await Sql.QueryAsync(database,
            "select distinct table_name from information_schema.view_table_usage where view_schema = 'daybook' and table_name like 'projection%'"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Drop_takes_what_is_not_shown_and_refuses_what_is()
    {
        var database = await postgres.DatabaseAsync();
        Fill(10);
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        await node.LevelAsync(_zero, _one);
        await node.DoAsync("rebuild tally");

        foreach (var (command, why) in new[]
        {
            ("drop tally --build 2", "is shown, so it cannot be dropped"), ("drop tally --version 1", "is shown, so it cannot be dropped"),
            ("drop tally", "Choose a build or version"),
            ("drop tally --build 9", "There is no build 9 of projection tally v1; there are: tally v1 build 1, tally v1 build 2"),
        })
        {
            var (code, _, error) = await Node.TryAsync(database, command);
            Assert.Equal(2, code);
            Assert.Contains(why, error, StringComparison.Ordinal);
        }
        await node.DoAsync("drop tally --build 1");
        await Wait.UntilAsync(() => node.Host.Status.All(s => s.Build == 2), "the first build was ended");

        Assert.Equal("projection_tally_v1_b2", await Sql.QueryAsync(database, "select tablename from pg_tables where tablename like 'projection\\_%'"));
        await node.AppliedAsync(_zero.Append("s", new Added(1, "z")));
        Assert.Equal("a=15 b=5 z=1", await Sql.QueryAsync(database, Shown));
        Assert.Contains("Cannot switch back", (await Node.TryAsync(database, "back tally")).Error, StringComparison.Ordinal);
        Assert.Contains("build 3 is shown", await node.DoAsync("rebuild tally"), StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task New_version_is_shown_when_it_has_caught_up_and_back_shows_the_old_one()
    {
        var database = await postgres.DatabaseAsync();
        Fill(50);
        await using (var old = await Node.StartAsync(database, [_zero, _one]))
            await old.LevelAsync(_zero, _one);
        var hidden = new MemoryEventFeed(new PartitionId(1)); // a partition that lags behind holds the switch up
        await using var node = await Node.StartAsync(database, [_zero, hidden], sink => sink.Writer(new CountingProjection2()));
        await node.AppliedAsync(_zero.Append("s", new Added(0, "a")));
        Assert.Equal("a=75 b=25", await Sql.QueryAsync(database, Shown));

        await node.Host.AttachAsync(_one);

        await Wait.UntilAsync(async () => await Sql.QueryAsync(database, Shown) == "a=150 b=50", "the second version, which counts double, was shown");
        var model = node.Sink.ReadModel(new CountingProjection2());
        Assert.Equal(150, (await model.GetAsync("a"))!.Sum);
        Assert.Contains("behind", (await Node.TryAsync(database, "back tally")).Error, StringComparison.Ordinal);
        await node.DoAsync("back tally --behind");
        Assert.Equal("a=75 b=25", await Sql.QueryAsync(database, Shown));
        Assert.Equal(150, (await model.GetAsync("a"))!.Sum); // readers of the second version go on reading it
        await node.DoAsync("switch tally --version 2 --behind");
        await node.DoAsync("drop tally --version 1");
        Assert.Equal("2", await Sql.QueryAsync(database, "select distinct version from daybook.projections"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Two_nodes_fill_one_build_and_an_overtaken_one_writes_nothing_to_it()
    {
        var database = await postgres.DatabaseAsync();
        Fill(40);
        await using var one = await Node.StartAsync(database, [_zero]);
        await using var other = await Node.StartAsync(database, [_one]);
        await one.LevelAsync(_zero);
        await other.LevelAsync(_one);
        await one.DoAsync("rebuild tally --manual --no-wait");
        await one.BecomesAsync(2, ProjectionState.Running);
        await other.BecomesAsync(2, ProjectionState.Running);
        var later = new MemoryEventFeed(default, epoch: 2);
        for (var i = 0; i < 40; i++)
            later.Append("s", new Added(1, "a"));

        await using var successor = await Node.StartAsync(database, [later]);
        await successor.AppliedAsync(later.Append("s", new Added(1, "late")));
        await Wait.UntilAsync(() => successor.Host.Status.All(s => s.Lag == 0), "both builds were caught up by the successor");
        _zero.Append("s", new Added(1000, "never"));

        await one.BecomesAsync(2, ProjectionState.Stopped);
        await one.BecomesAsync(1, ProjectionState.Stopped);
        await one.DoAsync("switch tally");
        Assert.Equal("a=60 b=20 late=1", await Sql.QueryAsync(database, Shown));
        Assert.Equal("1|0|2|41 1|1|1|40 2|0|2|41 2|1|1|40", await Sql.QueryAsync(database, "select build, partition, epoch, next_offset from daybook.checkpoints order by 1, 2"));
    }

    /// <summary>Appends the given number of records to each partition.</summary>
    private void Fill(int records)
    {
        for (var i = 0; i < records; i++)
        {
            _zero.Append("s", new Added(1, "a"));
            _one.Append("t", new Added(1, i % 2 == 0 ? "a" : "b"));
        }
    }
}
