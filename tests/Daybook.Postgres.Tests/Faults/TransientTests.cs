using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;
using Daybook.Servers.Postgres;
using Daybook.Testing.Compliance;
using Npgsql;

namespace Daybook.Postgres.Tests.Faults;

/// <summary>What passes by itself is reported as such, and the next attempt goes on.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class TransientTests(SharedPostgres postgres)
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task Server_that_is_gone_and_comes_back_costs_failed_calls_and_nothing_else()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Fsync = true });
        await using var sinks = new Sinks();
        var sink = sinks.Open(server.ConnectionString);
        var (writer, model) = (sink.Writer(new CountingProjection()), sink.ReadModel(new CountingProjection()));
        await writer.StartAsync(default, new Epoch(1));
        await writer.ApplyAsync(Batches.Of(0, new Added(1, "a")));
        await writer.FlushAsync();
        await server.KillAsync();

        foreach (var call in new Func<Task>[]
        {
            () => writer.ApplyAsync(Batches.Of(1, new Added(1, "a"))).AsTask(), () => writer.StartAsync(default, new Epoch(1)).AsTask(),
            () => writer.CaughtUpAsync(default, new Epoch(1)).AsTask(), () => writer.FlushAsync().AsTask(), () => model.GetAsync("a").AsTask(),
        })
        {
            var failed = await Assert.ThrowsAsync<DaybookException>(call);
            Assert.Equal(ErrorCode.Unavailable, failed.Code);
            Assert.Contains("'postgres' at 127.0.0.1", failed.Message, StringComparison.Ordinal);
        }
        await server.RestartAsync();

        Assert.Equal(new JournalOffset(1), await writer.StartAsync(default, new Epoch(1)));
        await writer.ApplyAsync(Batches.Of(1, new Added(1, "a")));
        Assert.Equal(new Tally(2, 2), await model.GetAsync("a"));
    }

    [SkippableTheory(typeof(MissingToolException))]
    [InlineData("53100", "has no room left on its disk")]
    [InlineData("40001", "failed with 40001")]
    [InlineData("40P01", "failed with 40P01")]
    [InlineData("57014", "failed with 57014")]
    public async Task Statement_that_the_server_fails_for_a_while_is_transient_and_skips_nothing(string state, string what)
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        var sink = sinks.Open(database, o => o with { ConflictRetries = 2 });
        var writer = sink.Writer(new CountingProjection());
        await writer.StartAsync(default, new Epoch(1));
        await Sql.ExecuteAsync(database,
            $"""
            create sequence attempts;
            create function fail() returns trigger language plpgsql as $$
            begin perform nextval('attempts'); raise exception using errcode = '{state}', message = 'injected'; end $$;
            create trigger fail before insert on daybook.projection_tally_v1 for each row execute function fail()
            """);

        var failed = await Assert.ThrowsAsync<DaybookException>(() => writer.ApplyAsync(Batches.Of(0, new Added(1, "a"))).AsTask());

        Assert.Equal(ErrorCode.Unavailable, failed.Code);
        Assert.Contains(what, failed.Message, StringComparison.Ordinal);
        Assert.Equal(state.StartsWith("40", StringComparison.Ordinal) ? "3" : "1", await Sql.QueryAsync(database, "select last_value from attempts"));
        await Sql.ExecuteAsync(database, "drop trigger fail on daybook.projection_tally_v1");
        Assert.Equal(default, await writer.StartAsync(default, new Epoch(1)));
        await writer.ApplyAsync(Batches.Of(0, new Added(1, "a")));
        Assert.Equal(new Tally(1, 1), await sink.ReadModel(new CountingProjection()).GetAsync("a"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task F8_commit_whose_answer_is_lost_has_its_effect_once_when_the_batch_comes_again()
    {
        var (server, database) = (await postgres.StartedAsync(), await postgres.DatabaseAsync());
        await using var proxy = FaultProxy.Start(server.Port);
        await using var sinks = new Sinks();
        var sink = sinks.Open(new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ConnectionString);
        var writer = sink.Writer(new Interrupted(() => proxy.DropAfter(ProxyDirection.ToClient, 1)));
        await writer.StartAsync(default, new Epoch(1));

        var lost = await Assert.ThrowsAsync<DaybookException>(() => writer.ApplyAsync(Batches.Of(0, "cut")).AsTask());

        Assert.Equal(ErrorCode.Unavailable, lost.Code);
        await writer.StartAsync(default, new Epoch(1));
        await writer.ApplyAsync(Batches.Of(0, "cut"));
        Assert.Equal("1|1", await Sql.QueryAsync(database, "select document->>'N', (select next_offset from daybook.checkpoints) from daybook.projection_interrupted_v1"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Closed_sink_reports_that_it_is_closed()
    {
        await using var server = await PostgresServer.StartAsync();
        var sink = new PostgresProjections(new PostgresProjectionOptions { ConnectionString = server.ConnectionString });
        var writer = sink.Writer(new CountingProjection());
        await writer.StartAsync(default, new Epoch(1));
        await sink.DisposeAsync();

        Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<DaybookException>(() => writer.StartAsync(default, new Epoch(1)).AsTask())).Code);
        Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<DaybookException>(() => writer.ApplyAsync(Batches.Of(0, new Added(1, "a"))).AsTask())).Code);
    }

    private sealed record Count(int N);

    /// <summary>Does something to the connection the first time an event is folded: after the batch was loaded, before it is written.</summary>
    [Projection("interrupted")]
    private sealed class Interrupted(Action interrupt) : IDocumentProjection<Count>
    {
        private Action? _interrupt = interrupt;

        public IEnumerable<string> KeysOf(ProjectedEvent projected) => ["all"];

        public Count Apply(string key, Count? document, ProjectedEvent projected)
        {
            Interlocked.Exchange(ref _interrupt, null)?.Invoke();
            return new Count((document?.N ?? 0) + 1);
        }
    }
}
