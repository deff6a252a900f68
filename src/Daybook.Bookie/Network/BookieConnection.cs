using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Serving;

namespace Daybook.Bookie.Network;

/// <summary>One connection. It handles all complete frames of a receive together, and has a buffer only while it holds bytes.</summary>
internal sealed class BookieConnection(Socket socket, LedgerService service, int maxFrame)
{
    private const int UsualSize = 256 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patienceAtEnd = TimeSpan.FromMilliseconds(50);

    private readonly Output _output = new(socket, service.Outputs);
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Serves until the client disconnects, violates the protocol, or the bookie stops. Never throws.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            var requests = new RequestReader(service, _output);
            while (true)
            {
                if (_start == _end && socket.Available == 0)
                    await BecomeIdleAsync(stop).ConfigureAwait(false);
                MakeSpace();
                var received = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, stop).ConfigureAwait(false);
                if (received == 0)
                    return;
                _end += received;
                while (!Handle(requests))
                    await _output.RoomAsync().WaitAsync(stop).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or MalformedFrameException or OperationCanceledException)
        {
            // The connection has ended; its accepted requests are still written.
        }
        finally
        {
            Return();
            await _output.SentAsync().WaitAsync(s_patience, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _output.Close();
            await CleanClose.RunAsync(socket, stop.IsCancellationRequested ? s_patienceAtEnd : s_patience).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for bytes without holding a buffer.</summary>
    private async ValueTask BecomeIdleAsync(CancellationToken stop)
    {
        Return();
        (_start, _end) = (0, 0);
        await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, stop).ConfigureAwait(false);
    }

    /// <summary>Handles the complete frames in the buffer.</summary>
    /// <returns>False when it stopped before the last one because the output is full.</returns>
    private bool Handle(RequestReader requests)
    {
        IReadOnlyList<Output> written = [];
        var isFull = false;
        try
        {
            lock (service.Mutex)
            {
                try
                {
                    while (!(isFull = _output.IsFull) && TryTake(out var frame))
                        requests.Handle(frame);
                }
                finally
                {
                    written = service.EndBatch();
                }
            }
        }
        finally
        {
            foreach (var output in written)
                output.Flush();
        }
        return !isFull;
    }

    /// <exception cref="MalformedFrameException">A frame's length is zero, negative or too long.</exception>
    private bool TryTake(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (_end - _start < Frames.PrefixSize)
            return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (length <= 0 || length > maxFrame)
            throw new MalformedFrameException($"A frame has length {length}; allowed are 1 to {maxFrame} bytes.");
        if (_end - _start - Frames.PrefixSize < length)
            return false;
        frame = _buffer.AsMemory(_start + Frames.PrefixSize, length);
        _start += Frames.PrefixSize + length;
        return true;
    }

    /// <summary>Moves the incomplete frame to the front; the buffer grows only as bytes arrive.</summary>
    private void MakeSpace()
    {
        var rest = _end - _start;
        if (rest == 0 && _buffer.Length != UsualSize)
            Move(ArrayPool<byte>.Shared.Rent(UsualSize), rest);
        else if (rest == _buffer.Length)
            Move(ArrayPool<byte>.Shared.Rent(2 * _buffer.Length), rest);
        else if (_start > 0 && _buffer.Length - _end < _buffer.Length / 2)
            Move(_buffer, rest);
        else if (rest > 0)
            return;
        (_start, _end) = (0, rest);
    }

    private void Move(byte[] target, int rest)
    {
        Buffer.BlockCopy(_buffer, _start, target, 0, rest);
        if (target == _buffer)
            return;
        Return();
        _buffer = target;
    }

    private void Return()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
