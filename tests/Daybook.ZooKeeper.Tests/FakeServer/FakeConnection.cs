using System.Buffers.Binary;
using System.Net.Sockets;
using Daybook.ZooKeeper.Sessions;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.FakeServer;

/// <summary>One client's connection as the script of a test sees it, on the client's own frame classes.</summary>
internal sealed class FakeConnection(Socket socket, int number)
{
    public const long SessionId = 0x1234;
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private Connection? _connection;

    /// <summary>Counts the connections to this server from 0.</summary>
    public int Number => number;

    private Connection Frames => _connection ??= new Connection(_stream, 0xfffff);

    public async Task<ConnectAsk> ReadConnectAsync() => ConnectAsk.Read(await Frames.ReadOneAsync(CancellationToken.None));

    /// <summary>Grants a session.</summary>
    /// <returns>What the client had asked for.</returns>
    public async Task<ConnectAsk> AcceptAsync(TimeSpan timeout, long sessionId = SessionId, bool? isReadOnly = false)
    {
        var ask = await ReadConnectAsync();
        var reply = new JuteWriter().Int(0).Int((int)timeout.TotalMilliseconds).Long(sessionId).Buffer(new byte[16]);
        if (isReadOnly is { } readOnly)
            reply.Bool(readOnly);
        await SendFrameAsync(reply.Written);
        return ask;
    }

    /// <summary>The next request of any kind.</summary>
    /// <exception cref="EndOfStreamException">The client hung up.</exception>
    public async Task<FakeRequest> ReadAnyAsync() => FakeRequest.Read(await Frames.ReadOneAsync(CancellationToken.None));

    /// <summary>The next request that is no ping; pings are answered.</summary>
    public async Task<FakeRequest> ReadAsync()
    {
        while (true)
        {
            var request = await ReadAnyAsync();
            if (request.Operation != OpCode.Ping)
                return request;
            await ReplyAsync(request);
        }
    }

    public Task ReplyAsync(FakeRequest to, long zxid = 1, ZooKeeperError error = ZooKeeperError.None, JuteWriter? body = null) =>
        ReplyAsync(to.Xid, zxid, error, body);

    public Task ReplyAsync(int xid, long zxid = 1, ZooKeeperError error = ZooKeeperError.None, JuteWriter? body = null)
    {
        byte[] header = [.. new JuteWriter().Int(xid).Long(zxid).Int((int)error).Written.Span];
        return SendFrameAsync((byte[])[.. header, .. body is null ? [] : body.Written.Span]);
    }

    public Task NotifyAsync(WatchEventType type, string path) =>
        ReplyAsync(Xid.Notification, -1, ZooKeeperError.None, new JuteWriter().Int((int)type).Int(3).Text(path));

    /// <summary>Answers everything with success and an empty body until the client hangs up; closing is answered and done.</summary>
    public async Task AnswerAllAsync(Func<FakeRequest, JuteWriter?>? bodyOf = null)
    {
        try
        {
            while (true)
            {
                var request = await ReadAsync();
                await ReplyAsync(request, body: bodyOf?.Invoke(request));
            }
        }
        catch (Exception over) when (over is IOException or SocketException or EndOfStreamException)
        {
        }
    }

    public async Task SendFrameAsync(ReadOnlyMemory<byte> frame)
    {
        var prefixed = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(prefixed, frame.Length);
        frame.CopyTo(prefixed.AsMemory(4));
        await SendRawAsync(prefixed);
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Waits until the client hangs up.</summary>
    public async Task HungUpAsync()
    {
        try
        {
            while (true)
                await ReadAnyAsync();
        }
        catch (Exception over) when (over is IOException or SocketException)
        {
        }
    }

    public void Close() => _stream.Dispose();
}
