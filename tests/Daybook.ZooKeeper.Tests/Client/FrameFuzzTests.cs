using System.Buffers.Binary;
using Daybook.ZooKeeper.Tests.FakeServer;
using Daybook.ZooKeeper.Wire;
using Xunit.Abstractions;

namespace Daybook.ZooKeeper.Tests.Client;

/// <summary>C11: for any bytes that a server sends, a call gets a reply or a lost connection, and the client continues.</summary>
public sealed class FrameFuzzTests(ITestOutputHelper output)
{
    private const int Rounds = 60;

    private static readonly (string Name, Func<ZooKeeperClient, Task> Call, byte[] Reply)[] s_operations =
    [
        ("create", c => c.CreateAsync("/a"), Bytes(Bodies.Created("/a"))),
        ("exists", c => c.ExistsAsync("/a"), Bytes(Bodies.Stat())),
        ("get", c => c.GetAsync("/a"), Bytes(Bodies.Data([1, 2, 3]))),
        ("set", c => c.SetAsync("/a", default), Bytes(Bodies.Stat())),
        ("children", c => c.ChildrenAsync("/a"), Bytes(Bodies.Children("a", "bb", "ccc"))),
        ("acl", c => c.GetAclAsync("/a"), [.. Bytes(new JuteWriter().Acl(ZooKeeperAcl.Open)), .. Bytes(Bodies.Stat())]),
        ("who", c => c.WhoAmIAsync(), Bytes(new JuteWriter().Int(2).Text("ip").Text("1.2.3.4").Text("digest").Text("ann"))),
        ("ephemerals", c => c.EphemeralsAsync(), Bytes(new JuteWriter().Texts(["/a", "/b"]))),
        ("count", c => c.AllChildrenNumberAsync("/a"), Bytes(new JuteWriter().Int(9))),
        ("multi", c => c.MultiAsync([new ZooKeeperOperation.Create("/a"), new ZooKeeperOperation.Set("/a", default)]), Multi(OpCode.Create2, OpCode.SetData)),
        ("reads", c => c.MultiReadAsync([new ZooKeeperOperation.GetData("/a"), new ZooKeeperOperation.GetChildren("/a")]), Multi(OpCode.GetData, OpCode.GetChildren)),
    ];

    [Fact]
    public async Task C11_any_reply_is_read_or_ends_the_connection()
    {
        var random = new Random(20260822);
        byte[] next = [];
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.AcceptAsync(TimeSpan.FromSeconds(30));
            while (true)
            {
                var request = await connection.ReadAsync();
                if (request.Operation == OpCode.CloseSession)
                    return;
                var header = new JuteWriter().Int(request.Xid).Long(1).Int(0).Written;
                await connection.SendFrameAsync((byte[])[.. header.Span, .. next]);
            }
        });
        await using var client = await Clients.ConnectAsync(server, o => o with { Random = new Hurry() });
        var before = GC.GetTotalAllocatedBytes();
        var (good, lost) = (0, 0);
        foreach (var (name, call, reply) in s_operations)
        {
            next = reply;
            await call(client).WaitAsync(Clients.Patience);
            for (var round = 0; round < Rounds; round++)
            {
                next = Damage(reply, random);
                var failure = await Record.ExceptionAsync(() => call(client).WaitAsync(Clients.Patience));
                good += failure is null or ZooKeeperMultiException ? 1 : 0;
                lost += failure is ZooKeeperException { Error: ZooKeeperError.ConnectionLoss, IsOutcomeUnknown: true } ? 1 : 0;
                Assert.True(good + lost > 0 && (failure is null or ZooKeeperException { Error: ZooKeeperError.ConnectionLoss } or ZooKeeperMultiException),
                    $"{name}, round {round}, {Convert.ToHexString(next)}: {failure}");
            }
        }
        output.WriteLine($"{good} replies were read, {lost} ended the connection");
        Assert.True(good > 50 && lost > 50);
        Assert.InRange((GC.GetTotalAllocatedBytes() - before) / (good + lost), 0, 1_000_000);
    }

    [Fact]
    public async Task C11_any_frame_at_any_time_ends_at_most_the_connection()
    {
        var random = new Random(20260823);
        await using var server = new ScriptedServer(async connection =>
        {
            if (connection.Number % 3 == 1)
            {
                await connection.ReadConnectAsync();
                await connection.SendFrameAsync(Noise(random, 40));
                return;
            }
            await connection.AcceptAsync(TimeSpan.FromSeconds(30));
            var request = await connection.ReadAsync();
            if (connection.Number > 300)
            {
                await connection.ReplyAsync(request, body: Bodies.Stat());
                await connection.AnswerAllAsync();
                return;
            }
            await connection.SendFrameAsync(Noise(random, 60));
            if (connection.Number % 2 == 0)
                await connection.SendRawAsync(Noise(random, 9));
        });
        await using var client = await Clients.ConnectAsync(server, o => o with { Random = new Hurry() });
        while (server.Accepted <= 300 && !client.Ended.IsCancellationRequested)
        {
            var failure = await Record.ExceptionAsync(() => client.ExistsAsync("/a").WaitAsync(Clients.Patience));
            Assert.True(failure is null or ZooKeeperException, failure?.ToString());
        }
    }

    private static byte[] Damage(byte[] reply, Random random)
    {
        var damaged = (byte[])reply.Clone();
        switch (random.Next(5))
        {
            case 0:
                return damaged[..random.Next(damaged.Length)];
            case 1:
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                return damaged;
            case 2:
                var at = random.Next(Math.Max(1, damaged.Length - 4));
                if (damaged.Length >= 4)
                    BinaryPrimitives.WriteInt32BigEndian(damaged.AsSpan(at), random.Next(3) switch { 0 => int.MaxValue, 1 => int.MinValue, _ => random.Next(200) });
                return damaged;
            case 3:
                return Noise(random, damaged.Length + 20);
            default:
                return [.. damaged, .. Noise(random, 10)];
        }
    }

    private static byte[] Noise(Random random, int atMost)
    {
        var noise = new byte[random.Next(atMost + 1)];
        random.NextBytes(noise);
        return noise;
    }

    private static byte[] Multi(params OpCode[] operations)
    {
        var bytes = new List<byte>();
        foreach (var operation in operations)
        {
            bytes.AddRange(Bytes(new JuteWriter().Int((int)operation).Bool(false).Int(0)));
            bytes.AddRange(Bytes(operation switch
            {
                OpCode.Create2 => Bodies.Created("/a"),
                OpCode.SetData => Bodies.Stat(),
                OpCode.GetData => Bodies.Data([1]),
                _ => new JuteWriter().Texts(["x", "y"]),
            }));
        }
        bytes.AddRange(Bytes(new JuteWriter().Int(-1).Bool(true).Int(-1)));
        return [.. bytes];
    }

    private static byte[] Bytes(JuteWriter body) => body.Written.ToArray();

    /// <summary>Makes the client reconnect without a pause.</summary>
    private sealed class Hurry() : Random(1)
    {
        public override double NextDouble() => 0;
    }
}
