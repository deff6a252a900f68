using Daybook.Postgres.Queries;
using Daybook.Postgres.Tests.Support;
using Daybook.Servers;
using Daybook.Servers.Debian;
using Daybook.Servers.Network;
using Npgsql;

namespace Daybook.Postgres.Tests.Books;

/// <summary>A reader may cancel in the moment in which its connection is cut.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class CancelledReadTests(SharedPostgres postgres)
{
    [Fact]
    public void Callback_that_throws_reaches_neither_a_cancel_nor_its_timer()
    {
        using var caller = new CancellationTokenSource();
        using var guard = new GuardedToken(caller.Token);
        guard.Token.Register(() => throw new ObjectDisposedException("a connection"));
        caller.Cancel();
        Assert.True(guard.Token.IsCancellationRequested);
        Assert.Equal(caller.Token, guard.Meaning(new OperationCanceledException(guard.Token))!.CancellationToken);
        Assert.Null(guard.Meaning(new DaybookException(ErrorCode.Corrupted, "another error")));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task D4_reads_that_are_cancelled_while_their_connection_is_cut_end_as_cancelled()
    {
        var (server, database) = (await postgres.StartedAsync(), await postgres.DatabaseAsync());
        await using var proxy = FaultProxy.Start(server.Port);
        await using var sinks = new Sinks();
        var sink = sinks.Open(new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ConnectionString);
        var model = sink.ReadModel(new Hearing());
        await sink.Writer(new Hearing()).StartAsync(default, new Epoch(1));
        Func<CancellationToken, Task>[] reads =
        [
            async token => await model.GetAsync("all", token), async token => await model.QueryAsync(cancellationToken: token).ToListAsync(token),
            async token => await model.InPostgres().CountAsync(token),
        ];
        for (var round = 0; round < 40; round++)
        {
            await model.GetAsync("all");
            using var caller = new CancellationTokenSource();
            proxy.Hold(ProxyDirection.ToClient);
            var before = proxy.BytesPassed(ProxyDirection.ToServer);
            var reading = reads[round % 3](caller.Token);
            await Wait.UntilAsync(() => proxy.BytesPassed(ProxyDirection.ToServer) > before, "the question was sent");
            var cancelling = Task.Run(caller.Cancel);
            SpinWait.SpinUntil(() => caller.IsCancellationRequested);
            proxy.CutAll();
            await cancelling;
            proxy.ReleaseAll();
            var ended = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
            Assert.Equal(caller.Token, ended.CancellationToken);
        }
    }
}
