using System.Net;
using System.Net.Sockets;

namespace Daybook.Servers.Processes;

/// <summary>
/// Ports of the loopback address that are free, and that no other test process takes while they are held. They lie below the range from
/// which the kernel takes the ports of outgoing connections, so that a server can be started again on its port.
/// </summary>
public sealed class FreePorts : IDisposable
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static readonly string s_folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "daybook-ports")).FullName;
    private static int s_next = Environment.ProcessId * 97;

    private readonly List<IDisposable> _locks = [];

    /// <summary>Takes a port.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public int Take()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (Interlocked.Increment(ref s_next) & int.MaxValue) % Count;
            if (FileLock.TryAcquire(Path.Combine(s_folder, $"{port}.lock")) is not { } held)
                continue;
            if (IsFree(port))
            {
                _locks.Add(held);
                return port;
            }
            held.Dispose();
        }
        throw new InvalidOperationException($"None of the ports {First} to {First + Count - 1} is free.");
    }

    /// <summary>Gives the ports back.</summary>
    public void Dispose()
    {
        foreach (var held in _locks)
            held.Dispose();
        _locks.Clear();
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
