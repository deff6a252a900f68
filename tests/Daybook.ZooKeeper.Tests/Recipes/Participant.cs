using Daybook.Servers;
using Daybook.Servers.Network;
using Daybook.Servers.ZooKeeper;
using Daybook.ZooKeeper.Recipes;
using Daybook.ZooKeeper.Sessions;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.Recipes;

/// <summary>A process that takes part, as the server sees it: its own session, over its own network.</summary>
public sealed class Participant : IAsyncDisposable
{
    private readonly ZooKeeperServer _server;

    public Participant(ZooKeeperServer server, string root, TimeSpan? sessionTimeout = null)
    {
        _server = server;
        Network = FaultProxy.Start(server.Port);
        Sessions = new SessionKeeper(new ZooKeeperOptions(Network.Address)
        {
            SessionTimeout = sessionTimeout ?? TimeSpan.FromSeconds(4),
            ConnectTimeout = TimeSpan.FromSeconds(30),
        });
        Leases = new ZooKeeperLeases(Sessions, root);
    }

    public FaultProxy Network { get; }

    public SessionKeeper Sessions { get; }

    public ZooKeeperLeases Leases { get; }

    /// <summary>Takes the network away until <see cref="Reconnect"/>; returns when the client knows.</summary>
    public async Task DisconnectAsync(CancellationToken cancellationToken = default)
    {
        var client = await Sessions.GetAsync(cancellationToken);
        await Network.RefuseConnectionsAsync();
        Network.CutAll();
        await Wait.UntilAsync(
            () => client.State != ZooKeeperState.Connected, "the client knew that it was disconnected", cancellationToken: cancellationToken);
    }

    public void Reconnect() => Network.AcceptConnections();

    /// <summary>Has the server end the session, which the client hears of when it reconnects.</summary>
    public async Task KillSessionAsync(CancellationToken cancellationToken = default)
    {
        var client = await Sessions.GetAsync(cancellationToken);
        await DisconnectAsync(cancellationToken);
        try
        {
            await CloseAsync(client.Identity);
        }
        finally
        {
            Reconnect();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Sessions.DisposeAsync();
        await Network.DisposeAsync();
    }

    /// <summary>A second client resumes the session and closes it.</summary>
    private async Task CloseAsync(SessionIdentity identity)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(System.Net.IPAddress.Loopback, _server.Port);
        await using var connection = new Connection(socket.GetStream(), 0xfffff);
        connection.Write(ConnectReply.Request(identity, 0, TimeSpan.FromSeconds(4), false));
        await connection.FlushAsync(CancellationToken.None);
        if (ConnectReply.Read(await connection.ReadOneAsync(CancellationToken.None)).Timeout <= TimeSpan.Zero)
            return;
        connection.Write(1, OpCode.CloseSession, []);
        await connection.FlushAsync(CancellationToken.None);
        await connection.ReadOneAsync(CancellationToken.None);
    }
}
