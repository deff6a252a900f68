using System.Collections.Concurrent;
using Daybook.ZooKeeper.Tests.FakeServer;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>C13 on a script: which sessions are asked for while servers change between read-only and read-write.</summary>
public sealed class ReadOnlySessionTests
{
    private static readonly TimeSpan s_granted = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task C13_session_of_a_read_only_server_is_left_for_a_new_one_where_writes_are_taken()
    {
        var asks = new ConcurrentQueue<ConnectAsk>();
        await using var readOnly = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted, sessionId: 0x77, isReadOnly: true);
            await connection.ReplyAsync(await connection.ReadAsync(), error: ZooKeeperError.NotReadOnly);
            await connection.AnswerAllAsync();
        }) { Mode = "ro" };
        ScriptedServer? made = null;
        await using var writable = made = new ScriptedServer(async connection =>
        {
            if (made!.Mode == "ro")
                return;
            asks.Enqueue(await connection.AcceptAsync(s_granted, sessionId: 0x55));
            await connection.AnswerAllAsync(_ => Bodies.Stat(3));
        }) { Mode = "ro" };
        await using var client = await ZooKeeperClient.ConnectAsync(
            new ZooKeeperOptions($"{readOnly.Address},{writable.Address}") { AllowReadOnly = true });
        Assert.Equal((ZooKeeperState.ConnectedReadOnly, 0), (client.State, client.SessionId));
        var refused = await client.SetAsync("/a", default).FailsAsync(ZooKeeperError.NotReadOnly);
        Assert.Equal((false, true), (refused.IsOutcomeUnknown, refused.IsTransient));

        writable.Mode = "rw";
        await client.ReachesAsync(ZooKeeperState.Connected);
        Assert.Equal(3, (await client.SetAsync("/a", default)).Version);
        Assert.Equal(0x55, client.SessionId);
        var ask = Assert.Single(asks);
        Assert.Equal((0, true), (ask.SessionId, ask.AllowReadOnly));
        Assert.All(ask.Password, b => Assert.Equal(0, b));
    }

    [Fact]
    public async Task C13_session_that_was_writable_is_kept_through_a_read_only_server()
    {
        var asks = new ConcurrentQueue<ConnectAsk>();
        await using var server = new ScriptedServer(async connection =>
        {
            asks.Enqueue(await connection.AcceptAsync(s_granted, sessionId: 0x55, isReadOnly: connection.Number == 1));
            if (connection.Number < 2)
                await connection.ReadAsync();
            else
                await connection.AnswerAllAsync(_ => Bodies.Stat());
        }) { Mode = "ro" };
        await using var client = await Clients.ConnectAsync(server, o => o with { AllowReadOnly = true });
        await client.ExistsAsync("/a").FailsAsync(ZooKeeperError.ConnectionLoss);
        await client.ReachesAsync(ZooKeeperState.ConnectedReadOnly);
        await client.ExistsAsync("/a").FailsAsync(ZooKeeperError.ConnectionLoss);
        await client.ExistsAsync("/a").WaitAsync(Clients.Patience);
        Assert.Equal([0, 0x55, 0x55], asks.Select(ask => ask.SessionId));
    }

    [Fact]
    public async Task C13_read_only_server_is_passed_over_unless_it_is_allowed()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            var ask = await connection.AcceptAsync(s_granted, sessionId: connection.Number + 1, isReadOnly: connection.Number == 0);
            Assert.False(ask.AllowReadOnly);
            await connection.AnswerAllAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        Assert.Equal((ZooKeeperState.Connected, 2), (client.State, client.SessionId));
    }
}
