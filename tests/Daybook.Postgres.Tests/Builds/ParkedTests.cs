using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;
using Npgsql;

namespace Daybook.Postgres.Tests.Builds;

/// <summary>Parked projections, seen and set going from outside of the node; and commands that cannot be carried out.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class ParkedTests(SharedPostgres postgres)
{
    private readonly MemoryEventFeed _zero = new(default);
    private readonly MemoryEventFeed _one = new(new PartitionId(1));

    [SkippableFact(typeof(MissingToolException))]
    public async Task J8_parked_projection_is_seen_from_outside_with_its_event_and_goes_on_after_a_skip()
    {
        var database = await postgres.DatabaseAsync();
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        _zero.Append("s", new Added(1, "a"));
        _zero.Append("s", new Broken("a"));
        var last = _zero.Append("s", new Added(1, "a"));
        await node.AppliedAsync(_one.Append("t", new Added(5, "a")));

        var status = await StatusAsync(node, "Parked at 1 of 3", "partition 1: Running at 1 of 1");

        Assert.Contains("tally v1 build 1: shown", status, StringComparison.Ordinal);
        Assert.Contains("broken in Apply", status, StringComparison.Ordinal);
        Assert.Contains("Event: 'Broken' at 0@1 of stream 's', version 2", status, StringComparison.Ordinal);
        Assert.Contains("leave the event out: projections skip tally 0@1", status, StringComparison.Ordinal);
        await node.DoAsync("skip tally 0@1");
        await node.AppliedAsync(last);
        Assert.Equal(new Tally(7, 3), await node.Sink.ReadModel(new CountingProjection()).GetAsync("a"));
        Assert.Contains("Running at 3 of 3; 1 events skipped", await StatusAsync(node, "Running at 3 of 3"), StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Retry_and_unpark_try_the_same_event_again()
    {
        var database = await postgres.DatabaseAsync();
        var code = new Moody();
        await using var node = await Node.StartAsync(database, [_zero, _one], sink => sink.Writer(code));
        var (zero, one) = (_zero.Append("s", new Added(1, "a")), _one.Append("t", new Added(2, "a")));
        var status = await StatusAsync(node, "partition 1: Parked at 0 of 1");
        Assert.Contains("partition 0: Parked at 0 of 1", status, StringComparison.Ordinal);

        code.IsWell = true;
        Assert.Contains("retries at 0@0", await node.DoAsync("retry moody 0"), StringComparison.Ordinal);
        await node.AppliedAsync(zero, "moody");
        Assert.Equal(ProjectionState.Parked, node.Host.Status.Single(s => s.Partition.Value == 1).State);
        await node.DoAsync("unpark moody");
        await node.AppliedAsync(one, "moody");

        Assert.Equal(3, (await node.Sink.ReadModel(code).GetAsync("a"))!.Sum);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Invalid_commands_report_the_error_and_change_nothing()
    {
        var database = await postgres.DatabaseAsync();
        Assert.Contains("has no read models of Daybook in the schema 'daybook'", (await Node.TryAsync(database, "status")).Error, StringComparison.Ordinal);
        await using var node = await Node.StartAsync(database, [_zero, _one]);
        await node.AppliedAsync(_zero.Append("s", new Added(1, "a")));
        await StatusAsync(node, "Running at 1 of 1");
        foreach (var (command, why) in new[]
        {
            ("", "A command is missing"), ("rebuild", "The name of the projection is missing"), ("rebild tally", "The command 'projections rebild' is unknown"),
            ("rebuild taly", "The projection 'taly' does not exist; there are: 'tally'."),
            ("status taly", "The projection 'taly' does not exist"), ("status tally now", "The word 'now' is unknown"),
            ("skip tally 0@0", "Projection 'tally' is not parked at 0@0: build 1 on partition 0 is Running at 0@1."),
            ("skip tally 5", "'5' is not a position"),
            ("retry tally 7", "not parked on partition 7: it is not running there"), ("retry tally x", "The partition must be a whole number"),
            ("unpark tally", "Projection 'tally' is not parked: "),
            ("back tally", "Cannot switch back"), ("switch tally", "No build of projection 'tally' is waiting to be shown"), ("switch tally --build", "--build needs a value"),
            ("switch tally --build 1", "is already shown"), ("switch tally --build 4", "There is no build 4 of projection tally v1"),
        })
        {
            var (code, output, error) = await Node.TryAsync(database, command);
            Assert.True(code == 2 && output == "" && error.Contains(why, StringComparison.Ordinal), $"'{command}' ended with {code}: {output}{error}");
        }
        Assert.Equal("1|live", await Sql.QueryAsync(database, "select build, state from daybook.builds"));
        var away = new NpgsqlConnectionStringBuilder(database) { Port = 1 }.ConnectionString;
        Assert.Contains("could not be reached", (await Node.TryAsync(away, "status")).Error, StringComparison.Ordinal);
    }

    private static async Task<string> StatusAsync(Node node, params string[] texts)
    {
        var status = "";
        await Wait.UntilAsync(
            async () => (status = await node.DoAsync("status")) is not null && texts.All(text => status.Contains(text, StringComparison.Ordinal)),
            $"the status contained '{string.Join("' and '", texts)}'");
        return status;
    }

    /// <summary>Fails until it is well.</summary>
    [Projection("moody")]
    private sealed class Moody : IDocumentProjection<Tally>
    {
        private readonly CountingProjection _inner = new();

        internal volatile bool IsWell;

        public IEnumerable<string> KeysOf(ProjectedEvent projected) => _inner.KeysOf(projected);

        public Tally? Apply(string key, Tally? document, ProjectedEvent projected) =>
            IsWell ? _inner.Apply(key, document, projected) : throw new InvalidOperationException("not today");
    }
}
