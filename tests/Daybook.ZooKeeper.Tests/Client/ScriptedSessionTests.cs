using Daybook.Servers;
using Daybook.ZooKeeper.Tests.FakeServer;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>What a session does on the wire, seen by a server that follows a script.</summary>
public sealed class ScriptedSessionTests
{
    private static readonly TimeSpan s_granted = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task C3_new_connection_gets_credentials_then_watches_then_waiting_requests()
    {
        var order = new TaskCompletionSource<List<FakeRequest>>();
        var queued = new TaskCompletionSource();
        await using var server = new ScriptedServer(async connection =>
        {
            if (connection.Number == 1)
                await queued.Task;
            await connection.AcceptAsync(s_granted);
            if (connection.Number == 0)
            {
                for (var i = 0; i < 3; i++)
                {
                    var request = await connection.ReadAsync();
                    await connection.ReplyAsync(request, zxid: 40 + i, body: request.Operation == OpCode.GetData ? Bodies.Data([1]) : null);
                }
                return;
            }
            var seen = new List<FakeRequest>();
            while (seen.Count < 5)
                seen.Add(await connection.ReadAsync());
            order.SetResult(seen);
            foreach (var request in seen)
                await connection.ReplyAsync(request, body: Bodies.Data([1]));
            await connection.AnswerAllAsync();
        });
        await using var client = await Clients.ConnectAsync(server, o => o with
        {
            Credentials = [ZooKeeperCredentials.Digest("ann", "1"), ZooKeeperCredentials.Digest("bob", "2")],
        });
        var oneShot = await client.GetAndWatchAsync("/one");
        await client.ReachesAsync(ZooKeeperState.Suspended);
        var waiting = new[] { client.GetAsync("/x"), client.GetAsync("/y") };
        queued.SetResult();

        var seen = await order.Task.WaitAsync(Clients.Patience);
        Assert.Equal([OpCode.Auth, OpCode.Auth, OpCode.SetWatches, OpCode.GetData, OpCode.GetData], seen.Select(request => request.Operation));
        Assert.Equal([Xid.Auth, Xid.Auth, Xid.SetWatches], seen.Take(3).Select(request => request.Xid));
        var watches = new JuteReader(seen[2].Body);
        Assert.Equal(42, watches.Long());
        Assert.Equal(["/one"], watches.Texts());
        Assert.Equal(["/x", "/y"], seen.Skip(3).Select(request => request.Path));
        await Task.WhenAll(waiting).WaitAsync(Clients.Patience);
        Assert.False(oneShot.Changed.IsCompleted);
    }

    [Fact]
    public async Task C3_lasting_watches_are_set_again_and_require_a_new_read_before_any_later_reply()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted);
            var request = await connection.ReadAsync();
            await connection.ReplyAsync(request);
            if (connection.Number == 0)
                return;
            Assert.Equal(OpCode.SetWatches2, request.Operation);
            await connection.AnswerAllAsync(_ => Bodies.Data([1]));
        });
        await using var client = await Clients.ConnectAsync(server);
        var watch = await client.WatchAsync("/a", recursive: true);
        await Wait.UntilAsync(() => server.Accepted == 2, "the client was back");
        await client.GetAsync("/a").WaitAsync(Clients.Patience);
        Assert.True(watch.TryRead(out var change));
        Assert.Equal(new WatchEvent(WatchEventType.Resync, "/a"), change);
        Assert.False(watch.TryRead(out _));
    }

    [Fact]
    public async Task C3_server_that_does_not_set_the_watches_again_is_left()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted);
            var request = await connection.ReadAsync();
            await connection.ReplyAsync(request, error: connection.Number == 1 ? ZooKeeperError.SystemError : ZooKeeperError.None);
            if (connection.Number == 1)
                await connection.HungUpAsync();
            if (connection.Number > 1)
                await connection.AnswerAllAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var watch = await client.WatchAsync("/a");
        Assert.Equal(WatchEventType.Resync, (await watch.NextAsync()).Type);
        Assert.Equal(3, server.Accepted);
    }

    [Fact]
    public async Task C4_session_that_the_server_no_longer_knows_is_over_for_every_call_and_watch()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(connection.Number == 0 ? s_granted : TimeSpan.Zero);
            if (connection.Number > 0)
                return;
            for (var i = 0; i < 2; i++)
                await connection.ReplyAsync(await connection.ReadAsync(), body: Bodies.Data([1]));
            await connection.ReadAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var oneShot = await client.GetAndWatchAsync("/a");
        var watch = await client.WatchAsync("/a");
        await client.SetAsync("/a", new byte[] { 1 }).FailsAsync(ZooKeeperError.ConnectionLoss);
        await client.ReachesAsync(ZooKeeperState.Expired);
        Assert.False((await client.GetAsync("/a").FailsAsync(ZooKeeperError.SessionExpired)).IsOutcomeUnknown);
        await oneShot.Changed.FailsAsync(ZooKeeperError.SessionExpired);
        await watch.NextAsync().FailsAsync(ZooKeeperError.SessionExpired);
        Assert.True(client.Ended.IsCancellationRequested);
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task C4_new_session_that_a_server_does_not_grant_is_asked_of_the_next_one()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(connection.Number == 0 ? TimeSpan.Zero : s_granted, sessionId: connection.Number);
            await connection.AnswerAllAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        Assert.Equal(1, client.SessionId);
    }

    [Fact]
    public async Task C7_session_is_resumed_with_what_it_saw_on_the_next_server_when_one_is_behind()
    {
        var asks = new List<ConnectAsk>();
        await using var server = new ScriptedServer(async connection =>
        {
            if (connection.Number is 1 or 2)
            {
                // A server that is behind hangs up.
                asks.Add(await connection.ReadConnectAsync());
                return;
            }
            asks.Add(await connection.AcceptAsync(s_granted));
            await connection.ReplyAsync(await connection.ReadAsync(), zxid: connection.Number == 0 ? 99 : 98, body: Bodies.Data([1]));
            if (connection.Number > 0)
                await connection.AnswerAllAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        await client.GetAsync("/a");
        await Wait.UntilAsync(() => server.Accepted > 1, "the client was back");
        await client.GetAsync("/a").WaitAsync(Clients.Patience);
        Assert.Equal([0, 99, 99, 99], asks.Select(ask => ask.LastZxid));
        Assert.Equal([0, FakeConnection.SessionId, FakeConnection.SessionId, FakeConnection.SessionId], asks.Select(ask => ask.SessionId));
        Assert.Equal(99, client.LastZxid);
    }

    [Fact]
    public async Task Throttled_request_was_not_executed_and_is_sent_again()
    {
        var tries = 0;
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted);
            while (tries < 3)
                await connection.ReplyAsync(await connection.ReadAsync(), error: ++tries < 3 ? ZooKeeperError.Throttled : ZooKeeperError.None, body: Bodies.Stat(5));
            await connection.AnswerAllAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        Assert.Equal(5, (await client.SetAsync("/a", default).WaitAsync(Clients.Patience)).Version);
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task Operation_that_an_old_server_does_not_know_is_named()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted, isReadOnly: null);
            while (true)
                await connection.ReplyAsync(await connection.ReadAsync(), error: ZooKeeperError.Unimplemented);
        });
        await using var client = await Clients.ConnectAsync(server);
        var refused = await client.WatchAsync("/a").FailsAsync(ZooKeeperError.Unimplemented);
        Assert.Equal(("/a", false), (refused.Path, refused.IsOutcomeUnknown));
        Assert.Contains("AddWatch of '/a' was answered with Unimplemented: the server is too old", refused.Message, StringComparison.Ordinal);
        await client.WhoAmIAsync().FailsAsync(ZooKeeperError.Unimplemented);
    }

    [Fact]
    public async Task Refused_credentials_end_the_session_with_that_error()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted);
            var auth = await connection.ReadAsync();
            await connection.ReplyAsync(auth, error: ZooKeeperError.AuthFailed);
        });
        await using var client = await Clients.ConnectAsync(server, o => o with { Credentials = [new ZooKeeperCredentials("odd", default)] });
        await client.ReachesAsync(ZooKeeperState.AuthFailed);
        await client.GetAsync("/a").FailsAsync(ZooKeeperError.AuthFailed);
    }

    [Fact]
    public async Task Chroot_that_does_not_exist_is_named()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted);
            while (true)
                await connection.ReplyAsync(await connection.ReadAsync(), error: ZooKeeperError.NoNode);
        });
        var refused = await ZooKeeperClient.ConnectAsync(server.Address + "/apps/one").FailsAsync(ZooKeeperError.NoNode);
        Assert.Contains("'/apps/one'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_ends_the_session_and_is_never_reported_as_a_loss()
    {
        var states = new List<ZooKeeperState>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted);
            var goodbye = await connection.ReadAsync();
            Assert.Equal(OpCode.CloseSession, goodbye.Operation);
            await connection.ReplyAsync(goodbye);
        });
        var client = await Clients.ConnectAsync(server);
        var following = Task.Run(async () =>
        {
            await foreach (var state in client.StatesAsync())
                states.Add(state);
        });
        await Clients.ReachesAsync(client, ZooKeeperState.Connected);
        await client.DisposeAsync();
        await following.WaitAsync(Clients.Patience);
        Assert.DoesNotContain(ZooKeeperState.Suspended, states);
        Assert.Equal(ZooKeeperState.Closed, client.State);
        Assert.Equal(1, server.Accepted);
        await client.GetAsync("/a").FailsAsync(ZooKeeperError.SessionExpired);
    }

    [Fact]
    public async Task Callback_that_throws_ends_the_session_instead_of_hanging_it()
    {
        await using var server = new ScriptedServer(connection => connection.ReadConnectAsync());
        var failed = await Clients.ConnectAsync(server, o => o with { Random = new BrokenRandom() }).FailsAsync(ZooKeeperError.SystemError);
        Assert.Contains("no luck", failed.Message, StringComparison.Ordinal);
    }

    private sealed class BrokenRandom : Random
    {
        public override double NextDouble() => throw new InvalidOperationException("no luck today");
    }
}
