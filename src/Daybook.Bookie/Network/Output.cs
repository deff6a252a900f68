using System.Buffers;
using System.Net.Sockets;

namespace Daybook.Bookie.Network;

/// <summary>
/// What is to be sent on a connection. Answers of many requests are gathered and go out in one write; while one is under way the next is gathered.
/// </summary>
internal sealed class Output(Socket socket, DirtyOutputs dirty) : IBufferWriter<byte>
{
    /// <summary>With more than this waiting no further request of the connection is looked at: its client does not read.</summary>
    private const int FullAt = 4 * 1024 * 1024;

    private const int UsualSize = 64 * 1024;

    private byte[] _filling = new byte[UsualSize];
    private byte[] _sent = new byte[UsualSize];
    private int _filled;
    private bool _isSending;
    private bool _isClosed;
    private bool _isTouched;
    private long _reading;
    private TaskCompletionSource? _room;

    /// <summary>Held while an answer is written.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Whether the connection has as much to send, or to read from disk for it, as it may have.</summary>
    public bool IsFull
    {
        get
        {
            lock (Gate)
                return !_isClosed && _filled + _reading > FullAt;
        }
    }

    /// <summary>Call after an answer was written, with the gate of the service held: <see cref="DirtyOutputs.Take"/> will name this one.</summary>
    public void Touch()
    {
        if (_isTouched)
            return;
        _isTouched = true;
        dirty.Add(this);
    }

    /// <summary>Called with the gate of the service held, before <see cref="Flush"/>.</summary>
    public void Untouch() => _isTouched = false;

    /// <summary>Counts bytes that are being read from disk for this connection.</summary>
    public void Expect(long bytes)
    {
        lock (Gate)
            _reading += bytes;
        if (bytes < 0)
            SignalRoom();
    }

    /// <summary>Completes when the connection is not full any more.</summary>
    public Task RoomAsync()
    {
        lock (Gate)
        {
            if (_isClosed || _filled + _reading <= FullAt)
                return Task.CompletedTask;
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Sends what was written, unless that is being done already.</summary>
    public void Flush()
    {
        lock (Gate)
        {
            if (_isSending || _filled == 0 || _isClosed)
                return;
            _isSending = true;
        }
        _ = SendAsync();
    }

    /// <summary>Drops what was not sent; later answers go nowhere.</summary>
    public void Close()
    {
        lock (Gate)
            (_isClosed, _filled) = (true, 0);
        SignalRoom();
    }

    public void Advance(int count) => _filled += _isClosed ? 0 : count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_filling.Length - _filled < sizeHint)
            Array.Resize(ref _filling, Math.Max(_filled + sizeHint, 2 * _filling.Length));
        return _filling.AsMemory(_filled);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_filling.Length - _filled < sizeHint)
            Array.Resize(ref _filling, Math.Max(_filled + sizeHint, 2 * _filling.Length));
        return _filling.AsSpan(_filled);
    }

    private async Task SendAsync()
    {
        try
        {
            while (Swap() is { Length: > 0 } bytes)
            {
                for (var sent = 0; sent < bytes.Length;)
                    sent += await socket.SendAsync(bytes[sent..], SocketFlags.None).ConfigureAwait(false);
                SignalRoom();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The receiving side of the connection meets the same end and closes it.
            Close();
        }
    }

    private ReadOnlyMemory<byte> Swap()
    {
        lock (Gate)
        {
            if (_sent.Length > 16 * UsualSize)
                _sent = new byte[UsualSize];
            (_filling, _sent) = (_sent, _filling);
            var bytes = _sent.AsMemory(0, _filled);
            _filled = 0;
            _isSending = bytes.Length > 0;
            return bytes;
        }
    }

    private void SignalRoom()
    {
        TaskCompletionSource? room = null;
        lock (Gate)
        {
            if (_isClosed || _filled + _reading <= FullAt)
                (room, _room) = (_room, null);
        }
        room?.TrySetResult();
    }
}
