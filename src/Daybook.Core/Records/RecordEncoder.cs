using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Daybook.Core.Records;

/// <summary>A growing buffer with the primitive encodings of the journal format: little-endian, LEB128 varints, length-prefixed UTF-8.</summary>
internal sealed class RecordEncoder(int initialCapacity = 16 * 1024) : IBufferWriter<byte>, IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(initialCapacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, Length);

    /// <summary>Drops everything after <paramref name="length"/>: a record that could not be finished leaves no trace.</summary>
    public void Rewind(int length) => Length = length;

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 256));
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 256));
        return _buffer.AsSpan(Length);
    }

    public Span<byte> Slice(int start, int length) => _buffer.AsSpan(start, length);

    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    public void WriteInt32(int value)
    {
        Reserve(4);
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(Length), value);
        Length += 4;
    }

    public void WriteInt64(long value)
    {
        Reserve(8);
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(Length), value);
        Length += 8;
    }

    public void WriteGuid(Guid value)
    {
        Reserve(16);
        value.TryWriteBytes(_buffer.AsSpan(Length));
        Length += 16;
    }

    public void WriteVarint(long value)
    {
        Reserve(10);
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            _buffer[Length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }
        _buffer[Length++] = (byte)rest;
    }

    public void WriteText(ReadOnlySpan<char> value)
    {
        Reserve(10 + (value.Length * 3));
        if (value.Length <= 42)
        {
            // At most 126 bytes: the length fits one byte, written once the text is.
            var written = Encoding.UTF8.GetBytes(value, _buffer.AsSpan(Length + 1));
            _buffer[Length] = (byte)written;
            Length += 1 + written;
            return;
        }
        WriteVarint(Encoding.UTF8.GetByteCount(value));
        Length += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(Length));
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteVarint(value.Length);
        WriteRaw(value);
    }

    public void WriteRaw(ReadOnlySpan<byte> value)
    {
        Reserve(value.Length);
        value.CopyTo(_buffer.AsSpan(Length));
        Length += value.Length;
    }

    /// <summary>Writes a length field to be filled in by <see cref="EndLength"/>.</summary>
    /// <returns>Its place.</returns>
    public int BeginLength()
    {
        WriteInt32(0);
        return Length - 4;
    }

    public void EndLength(int place) =>
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(place), Length - place - 4);

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        Length = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - Length >= count)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + count));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
