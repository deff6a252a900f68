using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Sessions;

/// <summary>Takes one frame; runs on the reading loop.</summary>
internal delegate void FrameHandler(ReadOnlySpan<byte> frame);

/// <summary>Frames over a stream: a length of four bytes, then that number of bytes. A length out of bounds ends the connection (invariant
/// C11).</summary>
internal sealed class Connection(Stream stream, int maxFrameBytes) : IAsyncDisposable
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 32 * 1024));
    private readonly PipeWriter _writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 32 * 1024));

    /// <summary>Bytes written and not yet flushed.</summary>
    public long Unflushed => _writer.UnflushedBytes;

    /// <summary>Writes a frame without a header: the connect request.</summary>
    public void Write(ReadOnlySpan<byte> body)
    {
        BinaryPrimitives.WriteInt32BigEndian(_writer.GetSpan(4), body.Length);
        _writer.Advance(4);
        _writer.Write(body);
    }

    public void Write(int xid, OpCode operation, ReadOnlySpan<byte> body)
    {
        var header = _writer.GetSpan(12);
        BinaryPrimitives.WriteInt32BigEndian(header, 8 + body.Length);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], xid);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], (int)operation);
        _writer.Advance(12);
        _writer.Write(body);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken) => await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Reads the next frame alone, copied.</summary>
    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    public async ValueTask<byte[]> ReadOneAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = read.Buffer;
            if (TryTake(ref rest, out var frame))
            {
                var copy = frame.ToArray();
                _reader.AdvanceTo(rest.Start);
                return copy;
            }
            _reader.AdvanceTo(rest.Start, rest.End);
            ThrowIfEnded(read);
        }
    }

    /// <summary>Hands every frame on until the connection ends, which it always does by an exception.</summary>
    public async Task ReadAllAsync(FrameHandler handle, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = read.Buffer;
            while (TryTake(ref rest, out var frame))
                Handle(frame, handle);
            _reader.AdvanceTo(rest.Start, rest.End);
            ThrowIfEnded(read);
        }
    }

    /// <summary>Ends the connection: every read and write fails. Buffers are kept until <see cref="DisposeAsync"/>, as they may be in use.</summary>
    public ValueTask CloseAsync() => stream.DisposeAsync();

    /// <summary>Ends the connection and gives its buffers back; nobody reads or writes any more.</summary>
    public async ValueTask DisposeAsync()
    {
        var over = new IOException("The connection is over.");
        await stream.DisposeAsync().ConfigureAwait(false);
        await _reader.CompleteAsync(over).ConfigureAwait(false);
        await _writer.CompleteAsync(over).ConfigureAwait(false);
    }

    private static void Handle(in ReadOnlySequence<byte> frame, FrameHandler handle)
    {
        if (frame.IsSingleSegment)
        {
            handle(frame.FirstSpan);
            return;
        }
        var rented = ArrayPool<byte>.Shared.Rent((int)frame.Length);
        frame.CopyTo(rented);
        try
        {
            handle(rented.AsSpan(0, (int)frame.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private bool TryTake(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (rest.Length < 4)
            return false;
        Span<byte> prefix = stackalloc byte[4];
        rest.Slice(0, 4).CopyTo(prefix);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length < 0 || length > maxFrameBytes)
            throw new MalformedFrameException($"The server announces a frame of {length} bytes; the limit is {maxFrameBytes} (option MaxFrameBytes).");
        if (rest.Length < 4 + length)
            return false;
        frame = rest.Slice(4, length);
        rest = rest.Slice(4 + length);
        return true;
    }

    private static void ThrowIfEnded(in ReadResult read)
    {
        if (read.IsCompleted)
            throw new EndOfStreamException("The server closed the connection.");
    }
}
