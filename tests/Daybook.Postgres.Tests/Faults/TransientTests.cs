using Daybook.Postgres.Tests.Support;
using Daybook.Servers.Debian;
using Daybook.Servers.Postgres;
using Daybook.Testing.Compliance;

namespace Daybook.Postgres.Tests.Faults;

/// <summary>What passes by itself is reported as such, and the next attempt goes on.</summary>
public sealed class TransientTests
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
            Assert.Equal(ErrorCode.StoreFailed, failed.Code);
            Assert.Contains("'postgres' at 127.0.0.1", failed.Message, StringComparison.Ordinal);
        }
        await server.RestartAsync();

        Assert.Equal(new JournalOffset(1), await writer.StartAsync(default, new Epoch(1)));
        await writer.ApplyAsync(Batches.Of(1, new Added(1, "a")));
        Assert.Equal(new Tally(2, 2), await model.GetAsync("a"));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Closed_sink_says_so()
    {
        await using var server = await PostgresServer.StartAsync();
        var sink = new PostgresProjections(new PostgresProjectionOptions { ConnectionString = server.ConnectionString });
        var writer = sink.Writer(new CountingProjection());
        await writer.StartAsync(default, new Epoch(1));
        await sink.DisposeAsync();

        Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<DaybookException>(() => writer.StartAsync(default, new Epoch(1)).AsTask())).Code);
        Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<DaybookException>(() => writer.ApplyAsync(Batches.Of(0, new Added(1, "a"))).AsTask())).Code);
    }
}
