using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>Takes frames off a stream, as many as one read brings. A frame that is larger than the buffer gets an array of its own.</summary>
internal sealed class FrameReceiver(Stream stream, int maxFrameBytes)
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private byte[]? _large;
    private int _largeEnd;

    /// <summary>Waits for more bytes. Frames taken before must not be looked at any more, unless they are owned.</summary>
    /// <exception cref="EndOfStreamException">The bookie closed the connection.</exception>
    public async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_large is { } large)
        {
            _largeEnd += await ReadAsync(large.AsMemory(_largeEnd), cancellationToken).ConfigureAwait(false);
            return;
        }
        if (_start > 0)
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        _end += await ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes the next complete frame.</summary>
    /// <param name="frame">Its payload.</param>
    /// <param name="isOwned">True when its bytes are never written over.</param>
    /// <exception cref="MalformedFrameException">A length that is not allowed is announced.</exception>
    public bool TryTake(out ReadOnlyMemory<byte> frame, out bool isOwned)
    {
        if (_large is not null)
            return TryTakeLarge(out frame, out isOwned);
        (frame, isOwned) = (default, false);
        if (_end - _start < Frames.PrefixSize)
            return false;
        var length = Frames.ReadLength(_buffer.AsSpan(_start), maxFrameBytes);
        if (length > BufferSize - Frames.PrefixSize)
        {
            BeginLarge(length);
            return false;
        }
        if (_end - _start - Frames.PrefixSize < length)
            return false;
        frame = _buffer.AsMemory(_start + Frames.PrefixSize, length);
        _start += Frames.PrefixSize + length;
        return true;
    }

    private void BeginLarge(int length)
    {
        var first = _buffer.AsSpan(_start + Frames.PrefixSize, _end - _start - Frames.PrefixSize);
        _large = GC.AllocateUninitializedArray<byte>(length);
        first.CopyTo(_large);
        (_largeEnd, _start, _end) = (first.Length, 0, 0);
    }

    private bool TryTakeLarge(out ReadOnlyMemory<byte> frame, out bool isOwned)
    {
        isOwned = _largeEnd == _large!.Length;
        frame = isOwned ? _large : default;
        if (isOwned)
            _large = null;
        return isOwned;
    }

    private async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var count = await stream.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        return count > 0 ? count : throw new EndOfStreamException("The bookie closed the connection.");
    }
}
