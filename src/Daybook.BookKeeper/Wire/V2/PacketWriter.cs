using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Daybook.BookKeeper.Wire.V2;

/// <summary>Writes one v2 packet, with its length prefix, of a length that is known beforehand.</summary>
internal ref struct PacketWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly int _length;
    private Span<byte> _rest;

    public PacketWriter(IBufferWriter<byte> output, V2Header header, int bodyLength)
    {
        _output = output;
        _length = Frames.PrefixSize + V2Header.Size + bodyLength;
        _rest = output.GetSpan(_length)[.._length];
        Int(_length - Frames.PrefixSize);
        header.Write(_rest);
        _rest = _rest[V2Header.Size..];
    }

    public void Int(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_rest, value);
        _rest = _rest[4..];
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_rest, value);
        _rest = _rest[8..];
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_rest);
        _rest = _rest[value.Length..];
    }

    public readonly void Message(IMessage message) => message.WriteTo(_rest);

    public readonly void End() => _output.Advance(_length);
}
