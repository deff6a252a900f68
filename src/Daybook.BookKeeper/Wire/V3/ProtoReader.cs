namespace Daybook.BookKeeper.Wire.V3;

/// <summary>Reads the fields of one protobuf message without allocating. Anything that does not fit is a <see cref="MalformedFrameException"/>.</summary>
internal ref struct ProtoReader(ReadOnlyMemory<byte> message)
{
    private readonly ReadOnlyMemory<byte> _message = message;
    private readonly ReadOnlySpan<byte> _span = message.Span;
    private int _at;

    /// <summary>The number of the field that comes next; 0 at the end. Its value must be read or skipped.</summary>
    public int Next()
    {
        if (_at == _span.Length)
            return 0;
        var tag = Varint();
        WireType = (int)(tag & 7);
        var field = tag >> 3;
        return field is > 0 and <= 536_870_911 ? (int)field : throw new MalformedFrameException($"A field has the number {field}.");
    }

    /// <summary>How the value of the current field is written: 0 is a varint, 2 is bytes.</summary>
    public int WireType { get; private set; }

    public long Number()
    {
        Expect(0);
        return (long)Varint();
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        Expect(2);
        var length = Varint();
        var start = _at;
        Advance(length);
        return _message[start.._at];
    }

    public void Skip()
    {
        switch (WireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Advance(8);
                break;
            case 2:
                Advance(Varint());
                break;
            case 5:
                Advance(4);
                break;
            default:
                throw new MalformedFrameException($"A field has the wire type {WireType}.");
        }
    }

    private readonly void Expect(int wireType)
    {
        if (WireType != wireType)
            throw new MalformedFrameException($"A field has the wire type {WireType} instead of {wireType}.");
    }

    private void Advance(ulong length)
    {
        if (length > (ulong)(_span.Length - _at))
            throw new MalformedFrameException($"A field of {length} bytes stands in a message with {_span.Length - _at} bytes left.");
        _at += (int)length;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _span.Length)
                throw new MalformedFrameException("A message ends within a number.");
            var part = _span[_at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw new MalformedFrameException("A number has more than ten bytes.");
    }
}
