using Daybook.Servers;
using Daybook.ZooKeeper.Tests.FakeServer;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>What the server is asked about watches: never what would end another watch of the same node.</summary>
public sealed class WatchBookkeepingTests
{
    private static readonly TimeSpan s_granted = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Last_watch_of_a_node_is_removed_at_the_server_too()
    {
        var seen = new List<FakeRequest>();
        await using var server = Recording(seen);
        await using var client = await Clients.ConnectAsync(server);
        var (one, other) = (await client.WatchAsync("/a"), await client.WatchAsync("/a"));
        await one.DisposeAsync();
        await client.SyncAsync();
        await other.DisposeAsync();
        Assert.Equal([OpCode.AddWatch, OpCode.AddWatch, OpCode.Sync, OpCode.RemoveWatches], seen.Select(request => request.Operation));
    }

    [Fact]
    public async Task Watch_that_is_just_being_set_is_not_removed_with_an_older_one()
    {
        var (reading, disposed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var after = new TaskCompletionSource<OpCode>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted);
            await connection.ReplyAsync(await connection.ReadAsync());
            var read = await connection.ReadAsync();
            Assert.Equal(0, read.Body[^1]);
            reading.SetResult();
            await disposed.Task;
            await connection.ReplyAsync(read, body: Bodies.Data([1]));
            var next = await connection.ReadAsync();
            after.SetResult(next.Operation);
            await connection.ReplyAsync(next);
            await connection.NotifyAsync(WatchEventType.DataChanged, "/a");
            await connection.AnswerAllAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var watch = await client.WatchAsync("/a");
        var watched = client.GetAndWatchAsync("/a");
        await reading.Task.WaitAsync(Clients.Patience);
        await watch.DisposeAsync().AsTask().WaitAsync(Clients.Patience);
        disposed.SetResult();
        var changed = (await watched.WaitAsync(Clients.Patience)).Changed;
        await client.SyncAsync();
        Assert.Equal(OpCode.Sync, await after.Task);
        Assert.Equal(WatchEventType.DataChanged, (await changed.WaitAsync(Clients.Patience)).Type);
    }

    [Fact]
    public async Task Watch_of_a_cancelled_call_is_forgotten()
    {
        var (asked, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = new TaskCompletionSource<OpCode>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted);
            var request = await connection.ReadAsync();
            if (connection.Number == 0)
            {
                asked.SetResult();
                await cancelled.Task;
                await connection.ReplyAsync(request);
                await connection.ReplyAsync(await connection.ReadAsync());
                return;
            }
            first.TrySetResult(request.Operation);
            await connection.ReplyAsync(request);
            await connection.AnswerAllAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        using var patience = new CancellationTokenSource();
        var call = client.WatchAsync("/a", cancellationToken: patience.Token);
        await asked.Task.WaitAsync(Clients.Patience);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        cancelled.SetResult();
        await client.SyncAsync().WaitAsync(Clients.Patience);
        await Wait.UntilAsync(() => server.Accepted == 2, "the client was back");
        await client.SyncAsync().WaitAsync(Clients.Patience);
        Assert.Equal(OpCode.Sync, await first.Task);
    }

    [Fact]
    public async Task Cancelled_call_that_was_not_sent_is_never_sent()
    {
        var seen = new List<FakeRequest>();
        var go = new TaskCompletionSource();
        await using var server = new ScriptedServer(async connection =>
        {
            if (connection.Number == 1)
                await go.Task;
            await connection.AcceptAsync(s_granted);
            if (connection.Number == 0)
                return;
            await connection.AnswerAllAsync(request =>
            {
                seen.Add(request);
                return null;
            });
        });
        await using var client = await Clients.ConnectAsync(server);
        await client.ReachesAsync(ZooKeeperState.Suspended);
        using var patience = new CancellationTokenSource();
        var call = client.DeleteAsync("/a", cancellationToken: patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        go.SetResult();
        await client.SyncAsync().WaitAsync(Clients.Patience);
        Assert.Equal(OpCode.Sync, Assert.Single(seen).Operation);
    }

    private static ScriptedServer Recording(List<FakeRequest> seen) => new(async connection =>
    {
        await connection.AcceptAsync(s_granted);
        await connection.AnswerAllAsync(request =>
        {
            if (request.Operation != OpCode.CloseSession)
                seen.Add(request);
            return null;
        });
    });
}
