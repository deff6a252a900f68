using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.FakeServer;

/// <summary>What a client asks for when it connects.</summary>
internal sealed record ConnectAsk(long LastZxid, TimeSpan Timeout, long SessionId, byte[] Password, bool AllowReadOnly)
{
    public static ConnectAsk Read(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        Assert.Equal(0, reader.Int());
        return new ConnectAsk(reader.Long(), TimeSpan.FromMilliseconds(reader.Int()), reader.Long(), reader.Buffer(), reader.Bool());
    }
}

/// <summary>A request as it came.</summary>
internal sealed record FakeRequest(int Xid, OpCode Operation, byte[] Body)
{
    public static FakeRequest Read(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        return new FakeRequest(reader.Int(), (OpCode)reader.Int(), frame[8..].ToArray());
    }

    /// <summary>The path at the beginning of most requests.</summary>
    public string Path => new JuteReader(Body).Text();
}
