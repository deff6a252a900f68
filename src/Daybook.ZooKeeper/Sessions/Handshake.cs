using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Sessions;

/// <summary>What makes a session the same one on any server.</summary>
/// <param name="Id">Given by the server; 0 asks for a new one.</param>
/// <param name="Password">Proves that it is ours.</param>
internal sealed record SessionIdentity(long Id, byte[] Password)
{
    public static SessionIdentity None { get; } = new(0, new byte[16]);
}

/// <summary>The answer to a connect request.</summary>
/// <param name="Identity">The session.</param>
/// <param name="Timeout">As negotiated; zero or less means that the session has expired.</param>
/// <param name="IsReadOnly">The server has no quorum.</param>
internal sealed record ConnectReply(SessionIdentity Identity, TimeSpan Timeout, bool IsReadOnly)
{
    public static byte[] Request(SessionIdentity identity, long lastZxid, TimeSpan timeout, bool allowReadOnly) => new JuteWriter()
        .Int(0)
        .Long(lastZxid)
        .Int((int)timeout.TotalMilliseconds)
        .Long(identity.Id)
        .Buffer(identity.Password)
        .Bool(allowReadOnly)
        .Written.ToArray();

    public static ConnectReply Read(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        reader.Int();
        var timeout = TimeSpan.FromMilliseconds(reader.Int());
        var identity = new SessionIdentity(reader.Long(), reader.Buffer());
        // Servers before 3.4 leave the last field out.
        return new ConnectReply(identity, timeout, reader.Remaining > 0 && reader.Bool());
    }
}
