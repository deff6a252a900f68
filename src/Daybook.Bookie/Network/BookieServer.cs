using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Daybook.Bookie.Serving;

namespace Daybook.Bookie.Network;

/// <summary>Accepts connections.</summary>
internal sealed class BookieServer : IAsyncDisposable
{
    /// <summary>The maximum number of connections; more are closed immediately.</summary>
    private const int MostConnections = 5_000;

    private readonly Socket _listener;
    private readonly LedgerService _service;
    private readonly int _maxFrame;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<BookieConnection, Task> _connections = new();
    private readonly Task _accepting;

    /// <exception cref="SocketException">The address is in use, or does not belong to this machine.</exception>
    public BookieServer(IPEndPoint address, LedgerService service, int maxFrame)
    {
        (_service, _maxFrame) = (service, maxFrame);
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(address);
            _listener.Listen(512);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
        _accepting = AcceptAsync();
    }

    /// <summary>The endpoint it listens on.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                if (_connections.Count >= MostConnections)
                    _ = CleanClose.RunAsync(socket, TimeSpan.FromSeconds(1));
                else
                    Serve(socket);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // A client that disconnected before it was accepted, or the server is stopping.
            }
        }
    }

    private void Serve(Socket socket)
    {
        socket.NoDelay = true;
        var connection = new BookieConnection(socket, _service, _maxFrame);
        var running = new TaskCompletionSource();
        _connections[connection] = running.Task;
        _ = RunAsync(connection, running);
    }

    private async Task RunAsync(BookieConnection connection, TaskCompletionSource running)
    {
        await connection.RunAsync(_stop.Token).ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
        running.SetResult();
    }
}
