using System.Buffers.Binary;

namespace Daybook.BookKeeper.Wire.V2;

/// <summary>Reads the fixed fields of one v2 packet. Anything that does not fit is a <see cref="MalformedFrameException"/>.</summary>
internal ref struct PacketReader(ReadOnlyMemory<byte> packet)
{
    private ReadOnlyMemory<byte> _rest = packet;

    public readonly int Remaining => _rest.Length;

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4).Span);

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8).Span);

    public LedgerId Ledger() => new(Long());

    public EntryId Entry() => new(Long());

    public ReadOnlyMemory<byte> Rest() => Take(_rest.Length);

    public ReadOnlyMemory<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length)
            throw new MalformedFrameException($"A field of {length} bytes stands in a packet with {_rest.Length} bytes left.");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public readonly void End()
    {
        if (!_rest.IsEmpty)
            throw new MalformedFrameException($"{_rest.Length} bytes follow the end of a packet.");
    }
}
