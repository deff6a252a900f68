using Daybook.ZooKeeper.Tests.FakeServer;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>C11: the client leaves a server that violates the protocol, and no call waits for ever.</summary>
public sealed class MalformedFrameTests
{
    private static readonly TimeSpan s_granted = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData("announces more than the limit")]
    [InlineData("announces less than nothing")]
    [InlineData("ends in the middle of a frame")]
    [InlineData("ends in the middle of a length")]
    [InlineData("answers what was not asked")]
    [InlineData("answers the second before the first")]
    [InlineData("sends an empty frame")]
    [InlineData("sends a header alone")]
    [InlineData("sends a list that is not there")]
    [InlineData("answers a ping that was not sent")]
    [InlineData("sends half an event")]
    public async Task C11_server_that(string doesWrong)
    {
        var hungUp = new TaskCompletionSource();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted);
            if (connection.Number > 0)
            {
                await connection.AnswerAllAsync(_ => Bodies.Children("a"));
                return;
            }
            var first = await connection.ReadAsync();
            var second = await connection.ReadAsync();
            await BreakAsync(connection, doesWrong, first, second);
            if (!doesWrong.StartsWith("ends", StringComparison.Ordinal))
                await connection.HungUpAsync();
            hungUp.SetResult();
        });
        await using var client = await Clients.ConnectAsync(server);
        var calls = new[] { client.ChildrenAsync("/a"), client.ChildrenAsync("/b") };

        foreach (var (call, path) in calls.Zip(["/a", "/b"]))
        {
            var lost = await call.FailsAsync(ZooKeeperError.ConnectionLoss);
            Assert.Equal((true, path), (lost.IsOutcomeUnknown, lost.Path));
        }
        await hungUp.Task.WaitAsync(Clients.Patience);
        Assert.Equal(["a"], (await client.ChildrenAsync("/c").WaitAsync(Clients.Patience)).Names);
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task C11_frame_over_the_limit_names_the_option_and_takes_no_memory()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(s_granted);
            await connection.ReadAsync();
            await connection.SendRawAsync(new byte[] { 0x7f, 0xff, 0xff, 0xff });
            await connection.HungUpAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var lost = await client.GetAsync("/a").FailsAsync(ZooKeeperError.ConnectionLoss);
        Assert.Contains("MaxFrameBytes", lost.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 20_000_000);
    }

    [Fact]
    public async Task C11_garbage_in_the_handshake_is_a_server_to_pass_over()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            if (connection.Number > 1)
            {
                await connection.AcceptAsync(s_granted);
                await connection.AnswerAllAsync();
                return;
            }
            await connection.ReadConnectAsync();
            await connection.SendFrameAsync(new byte[connection.Number == 0 ? 3 : 0]);
            await connection.HungUpAsync();
        });
        await using var client = await Clients.ConnectAsync(server);
        Assert.Equal(3, server.Accepted);
    }

    private static async Task BreakAsync(FakeConnection connection, string how, FakeRequest first, FakeRequest second)
    {
        await (how switch
        {
            "announces more than the limit" => connection.SendRawAsync(new byte[] { 0, 0x20, 0, 0, 1, 2, 3 }),
            "announces less than nothing" => connection.SendRawAsync(new byte[] { 0xff, 0xff, 0xff, 0xfe, 1, 2, 3 }),
            "ends in the middle of a frame" => connection.SendRawAsync(new byte[] { 0, 0, 0, 100, 1, 2, 3 }),
            "ends in the middle of a length" => connection.SendRawAsync(new byte[] { 0, 0 }),
            "answers what was not asked" => connection.ReplyAsync(first.Xid + 50, body: Bodies.Children("x")),
            "answers the second before the first" => connection.ReplyAsync(second, body: Bodies.Children("x")),
            "sends an empty frame" => connection.SendFrameAsync(default),
            "sends a header alone" => connection.ReplyAsync(first),
            "sends a list that is not there" => connection.ReplyAsync(first, body: new JuteWriter().Int(0x7fffffff).Long(1)),
            "answers a ping that was not sent" => connection.ReplyAsync(Xid.Ping),
            _ => connection.ReplyAsync(Xid.Notification, body: new JuteWriter().Int(1).Int(3).Int(20)),
        });
    }
}
