using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;

namespace Daybook.BookKeeper.Tests.Connections;

/// <summary>A bookie on a real socket that does nothing of itself: the test takes requests as they come, and answers, reorders, drops or breaks them.</summary>
internal sealed class FakeBookie : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Channel<FakeRequest> _requests = Channel.CreateUnbounded<FakeRequest>();
    private readonly CancellationTokenSource _end = new();
    private readonly List<FakeConnection> _connections = [];
    private readonly X509Certificate2? _certificate;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    public FakeBookie(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        Listen(0);
    }

    public int Port { get; private set; }

    /// <summary>Takes connections and closes them.</summary>
    public bool HangsUp { get; init; }

    /// <summary>Takes connections and reads nothing.</summary>
    public bool IsFrozen { get; init; }

    public BookieId Id => new($"127.0.0.1:{Port}");

    /// <summary>How many connections were accepted so far.</summary>
    public int Accepted
    {
        get
        {
            lock (_connections)
                return _connections.Count;
        }
    }

    /// <summary>How many requests lie there untaken.</summary>
    public int Unread => _requests.Reader.Count;

    /// <summary>The next request of any connection.</summary>
    public async Task<FakeRequest> NextAsync() => await _requests.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    public async Task<FakeRequest[]> NextAsync(int count)
    {
        var requests = new FakeRequest[count];
        for (var i = 0; i < count; i++)
            requests[i] = await NextAsync();
        return requests;
    }

    /// <summary>Refuses connections from now on.</summary>
    public async Task StopAsync()
    {
        _listener?.Dispose();
        _listener = null;
        await _accepting;
    }

    /// <summary>Listens again where it did.</summary>
    public void Restart() => Listen(Port);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await StopAsync();
        FakeConnection[] connections;
        lock (_connections)
            connections = [.. _connections];
        foreach (var connection in connections)
            await connection.DisposeAsync();
        _end.Dispose();
    }

    private void Listen(int port)
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _listener = listener;
        _accepting = AcceptAsync(listener);
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var connection = new FakeConnection(await listener.AcceptAsync(_end.Token), _certificate, _requests.Writer, _end.Token);
                lock (_connections)
                    _connections.Add(connection);
                if (HangsUp)
                    await connection.CloseAsync();
                else if (!IsFrozen)
                    connection.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }
}

/// <summary>Where fake bookies listen.</summary>
internal sealed class FakeDirectory(params FakeBookie[] bookies) : IBookieDirectory
{
    public IReadOnlyList<BookieRegistration> Writable => [];

    public IReadOnlyList<BookieRegistration> ReadOnly => [];

    public Task Changed { get; } = new TaskCompletionSource().Task;

    /// <summary>The answer for bookies that are not among them.</summary>
    public (string Host, int Port)? Elsewhere { get; init; }

    public (string Host, int Port)? AddressOf(BookieId bookie) =>
        bookies.FirstOrDefault(b => b.Id == bookie) is { } found ? ("127.0.0.1", found.Port) : Elsewhere;
}
