using System.Buffers;
using System.Net.Sockets;

namespace Daybook.Bookie.Network;

/// <summary>
/// The send buffer of a connection. Answers to many requests are collected and sent in one write; while one write is in progress the next
/// is collected. It has buffers only while there is something to send.
/// </summary>
internal sealed class Output(Socket socket, DirtyOutputs dirty) : IBufferWriter<byte>
{
    /// <summary>With more bytes than this waiting, no further request of the connection is handled: its client does not read.</summary>
    private const int FullAt = 4 * 1024 * 1024;

    private const int UsualSize = 64 * 1024;

    private byte[] _filling = [];
    private byte[] _sent = [];
    private Task _sending = Task.CompletedTask;
    private int _filled;
    private bool _isSending;
    private bool _isClosed;
    private bool _isTouched;
    private long _reading;
    private TaskCompletionSource? _room;

    /// <summary>Held while an answer is written.</summary>
    public Lock Mutex { get; } = new();

    /// <summary>Whether the connection has reached the limit of bytes to send, including those still being read from disk.</summary>
    public bool IsFull
    {
        get
        {
            lock (Mutex)
                return !_isClosed && _filled + _reading > FullAt;
        }
    }

    /// <summary>Call after writing an answer, with the mutex of the service held: <see cref="DirtyOutputs.Take"/> then returns this
    /// output.</summary>
    public void Touch()
    {
        if (_isTouched)
            return;
        _isTouched = true;
        dirty.Add(this);
    }

    /// <summary>Called with the mutex of the service held, before <see cref="Flush"/>.</summary>
    public void Untouch() => _isTouched = false;

    /// <summary>Counts bytes that are being read from disk for this connection.</summary>
    public void Expect(long bytes)
    {
        lock (Mutex)
            _reading += bytes;
        if (bytes < 0)
            SignalRoom();
    }

    /// <summary>Completes when the connection is no longer full.</summary>
    public Task RoomAsync()
    {
        lock (Mutex)
        {
            if (_isClosed || _filled + _reading <= FullAt)
                return Task.CompletedTask;
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Sends the collected answers, unless a send is already in progress.</summary>
    public void Flush()
    {
        lock (Mutex)
        {
            if (_isSending || _filled == 0 || _isClosed)
                return;
            _isSending = true;
        }
        _sending = SendAsync();
    }

    /// <summary>Completes when the collected answers have been sent.</summary>
    public Task SentAsync()
    {
        Flush();
        return _sending;
    }

    /// <summary>Drops unsent answers, and all later ones.</summary>
    public void Close()
    {
        lock (Mutex)
        {
            (_isClosed, _filled) = (true, 0);
            _filling = Return(_filling);
        }
        SignalRoom();
    }

    public void Advance(int count) => _filled += _isClosed ? 0 : count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _filling.AsMemory(_filled);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _filling.AsSpan(_filled);
    }

    private void Reserve(int sizeHint)
    {
        if (_filling.Length > 0 && _filling.Length - _filled >= sizeHint)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(UsualSize, Math.Max(_filled + sizeHint, 2 * _filling.Length)));
        Buffer.BlockCopy(_filling, 0, larger, 0, _filled);
        Return(_filling);
        _filling = larger;
    }

    private static byte[] Return(byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        return [];
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
            // The receiving side of the connection sees the same error and closes it.
            Close();
            lock (Mutex)
                _sent = Return(_sent);
        }
    }

    private ReadOnlyMemory<byte> Swap()
    {
        lock (Mutex)
        {
            _sent = Return(_sent);
            _isSending = _filled > 0;
            if (!_isSending)
            {
                _filling = Return(_filling);
                return default;
            }
            (_filling, _sent) = ([], _filling);
            var bytes = _sent.AsMemory(0, _filled);
            _filled = 0;
            return bytes;
        }
    }

    private void SignalRoom()
    {
        TaskCompletionSource? room = null;
        lock (Mutex)
        {
            if (_isClosed || _filled + _reading <= FullAt)
                (room, _room) = (_room, null);
        }
        room?.TrySetResult();
    }
}
