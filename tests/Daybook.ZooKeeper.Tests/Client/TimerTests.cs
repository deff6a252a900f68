using System.Diagnostics;
using Daybook.Testing.Time;
using Daybook.ZooKeeper.Tests.FakeServer;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>C6: the negotiated timeout drives all timers, regardless of the requested one.</summary>
public sealed class TimerTests
{
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task C6_pings_follow_the_negotiated_timeout()
    {
        var gaps = new TaskCompletionSource<List<TimeSpan>>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(TimeSpan.FromSeconds(1.5));
            var seen = new List<TimeSpan>();
            var since = Stopwatch.GetTimestamp();
            while (seen.Count < 3)
            {
                var ping = await connection.ReadAnyAsync();
                Assert.Equal((Xid.Ping, OpCode.Ping), (ping.Xid, ping.Operation));
                seen.Add(Stopwatch.GetElapsedTime(since));
                since = Stopwatch.GetTimestamp();
                await connection.ReplyAsync(ping);
            }
            gaps.SetResult(seen);
            await connection.AnswerAllAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        Assert.All(await gaps.Task.WaitAsync(Clients.Patience), gap => Assert.InRange(gap.TotalSeconds, 0.4, 1.4));
        Assert.Equal(1, server.Accepted);
        Assert.Equal(TimeSpan.FromSeconds(1.5), client.NegotiatedTimeout);
    }

    [Fact]
    public async Task C6_silent_server_is_left_after_two_thirds_of_the_negotiated_timeout()
    {
        var hungUp = new TaskCompletionSource<TimeSpan>();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(TimeSpan.FromSeconds(1.5));
            var accepted = Stopwatch.GetTimestamp();
            await connection.HungUpAsync();
            hungUp.TrySetResult(Stopwatch.GetElapsedTime(accepted));
        });
        await using var client = await Clients.ConnectAsync(server);
        var call = client.GetAsync("/a");
        Assert.InRange(await hungUp.Task.WaitAsync(Clients.Patience), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1) + s_margin);
        Assert.True((await call.FailsAsync(ZooKeeperError.ConnectionLoss)).IsOutcomeUnknown);
    }

    [Fact]
    public async Task C6_partitioned_client_expires_by_itself_at_four_thirds_of_the_negotiated_timeout()
    {
        var granted = TimeSpan.FromSeconds(2.4);
        await using var server = new ScriptedServer(async connection =>
        {
            if (connection.Number == 0)
                await connection.AcceptAsync(granted);
            // Connections are accepted but get no answer, as from a frozen server.
            await connection.HungUpAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var since = Stopwatch.GetTimestamp();
        var (sent, oneMore) = (client.GetAsync("/a"), client.ReachesAsync(ZooKeeperState.Suspended).ContinueWith(_ => client.GetAsync("/b"), TaskScheduler.Default).Unwrap());
        await client.ReachesAsync(ZooKeeperState.Expired);
        Assert.InRange(Stopwatch.GetElapsedTime(since), granted * 4 / 3 - TimeSpan.FromMilliseconds(200), granted * 4 / 3 + s_margin);
        await sent.FailsAsync(ZooKeeperError.ConnectionLoss);
        Assert.False((await oneMore.FailsAsync(ZooKeeperError.SessionExpired)).IsOutcomeUnknown);
    }

    [Fact]
    public async Task C6_first_connection_times_out_after_the_configured_time()
    {
        await using var server = new ScriptedServer(connection => connection.HungUpAsync());
        var since = Stopwatch.GetTimestamp();
        var failed = await Clients.ConnectAsync(server, o => o with { ConnectTimeout = TimeSpan.FromSeconds(0.5) }).FailsAsync(ZooKeeperError.ConnectionLoss);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(0.5) + s_margin);
        Assert.Contains(server.Address, failed.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectTimeout", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F4_late_answer_to_a_ping_renews_from_the_sending_of_that_ping_not_of_a_later_one()
    {
        var time = new ManualTime();
        var (pings, answer) = (new[] { new TaskCompletionSource(), new TaskCompletionSource() }, new TaskCompletionSource());
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(TimeSpan.FromSeconds(6));
            await connection.ReplyAsync(await connection.ReadAnyAsync());
            foreach (var ping in pings)
            {
                Assert.Equal(OpCode.Ping, (await connection.ReadAnyAsync()).Operation);
                if (ping == pings[^1])
                    await connection.ReplyAsync(Xid.Ping);
                await connection.NotifyAsync(WatchEventType.DataChanged, "/w");
                ping.SetResult();
            }
            while ((await connection.ReadAnyAsync()).Operation != OpCode.CloseSession)
            {
            }
        });
        await using var client = await Clients.ConnectAsync(server, o => o with { Time = time });
        var watch = await client.WatchAsync("/w");
        var times = new List<DateTimeOffset>();
        foreach (var ping in pings)
        {
            await AdvanceUntilAsync(time, ping.Task);
            times.Add(time.GetUtcNow());
            await watch.NextAsync();
        }
        Assert.True(times[1] - times[0] > TimeSpan.FromSeconds(1));
        time.Advance(times[0] + TimeSpan.FromSeconds(5.5) - time.GetUtcNow());
        Assert.Equal((ZooKeeperState.Connected, false), (client.State, client.IsSurelyAlive));
    }

    private static async Task AdvanceUntilAsync(ManualTime time, Task until)
    {
        for (var i = 0; i < 200 && !until.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(until, Task.Delay(TimeSpan.FromMilliseconds(10)));
        }
        Assert.True(until.IsCompleted);
    }
}
