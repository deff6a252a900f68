using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;

namespace Daybook.Postgres.Tests.Faults;

/// <summary>Two nodes on one read model, the one stopped in the middle of its transaction.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class FencingTests(SharedPostgres postgres)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task F2_projector_that_is_overtaken_while_it_folds_cannot_commit()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var gate = new Gate();
        var (old, next) = (sinks.Open(database).Writer(new Gated(gate)), sinks.Open(database).Writer(new Gated(null)));
        await old.StartAsync(default, new Epoch(1));
        var late = Task.Run(() => old.ApplyAsync(Batches.Of(0, "late")).AsTask());
        await gate.Reached;

        Assert.Equal(default, await next.StartAsync(default, new Epoch(2)));
        await next.ApplyAsync(Batches.Of(0, 2, 0, "first", "second"));
        gate.Open();

        Assert.Equal(ErrorCode.StaleEpoch, (await Assert.ThrowsAsync<DaybookException>(() => late)).Code);
        Assert.Equal(new Count(2), await sinks.Open(database).ReadModel(new Gated(null)).GetAsync("all"));
        Assert.Equal("2|2", await Sql.QueryAsync(database, "select next_offset, epoch from daybook.checkpoints"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F2_statement_that_moves_the_checkpoint_refuses_another_epoch_or_another_start_by_itself()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var writer = sinks.Open(database).Writer(new Gated(null));
        await writer.StartAsync(default, new Epoch(3));
        await writer.ApplyAsync(Batches.Of(0, 3, 0, "a", "b"));

        foreach (var arguments in new[] { "2, 2, 3", "4, 2, 3", "3, 1, 3", "3, 3, 4" })
        {
            var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Sql.QueryAsync(database, $"select daybook.advance('gated', 1, 0, {arguments})"));
            Assert.Equal("DB001", refused.SqlState);
        }
        Assert.Equal("null", await Sql.QueryAsync(database, "select daybook.claim('gated', 1, 0, 2)"));
        Assert.Equal("2|3", await Sql.QueryAsync(database, "select next_offset, epoch from daybook.checkpoints"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Two_nodes_that_meet_in_one_new_document_lose_nothing()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var gate = new Gate();
        var (one, other) = (sinks.Open(database).Writer(new Gated(gate)), sinks.Open(database).Writer(new Gated(null)));
        await one.StartAsync(new PartitionId(0), new Epoch(1));
        await other.StartAsync(new PartitionId(1), new Epoch(1));
        var slow = Task.Run(() => one.ApplyAsync(Batches.Of(0, 1, 0, "a")).AsTask());
        await gate.Reached;

        await other.ApplyAsync(Batches.Of(1, 1, 0, "b", "c"));
        gate.Open();
        await slow;

        Assert.Equal(new Count(3), await sinks.Open(database).ReadModel(new Gated(null)).GetAsync("all"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Claim_that_the_server_has_lost_is_made_again_and_not_taken_for_a_later_owner()
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var writer = sinks.Open(database).Writer(new Gated(null));
        await writer.StartAsync(default, new Epoch(2));
        await writer.ApplyAsync(Batches.Of(0, 2, 0, "a", "b"));
        await Sql.ExecuteAsync(database, "update daybook.checkpoints set epoch = 1, next_offset = 1"); // as a standby that lags has it

        var lost = await Assert.ThrowsAsync<DaybookException>(() => writer.ApplyAsync(Batches.Of(2, 2, 2, "c") with { Partition = default }).AsTask());

        Assert.True(lost.IsTransient);
        Assert.Equal(new JournalOffset(1), await writer.StartAsync(default, new Epoch(2)));
    }

    private sealed record Count(int N);

    private sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();

        internal Task Reached => _reached.Task;

        internal void Open() => _open.Set();

        internal void Pass()
        {
            _reached.TrySetResult();
            _open.Wait();
        }
    }

    [Projection("gated")]
    private sealed class Gated(Gate? gate) : IDocumentProjection<Count>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => ["all"];

        public Count Apply(string key, Count? document, ProjectedEvent projected)
        {
            gate?.Pass();
            return new Count((document?.N ?? 0) + 1);
        }
    }
}
