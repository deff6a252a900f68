using System.Numerics;

namespace Daybook.BookKeeper.Wire.V3;

/// <summary>Writes protobuf fields to a span that is known to be long enough; the sizes are computed first.</summary>
internal ref struct ProtoWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _at;

    public readonly int Written => _at;

    public static int SizeOf(ulong value) => (63 - BitOperations.LeadingZeroCount(value | 1)) / 7 + 1;

    public static int SizeOfNumber(int field, long value) => SizeOf((ulong)field << 3) + SizeOf((ulong)value);

    public static int SizeOfBytes(int field, int length) => SizeOf((ulong)field << 3) + SizeOf((ulong)length) + length;

    public void Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
    }

    /// <summary>Announces bytes, or a message, of that length; they must follow.</summary>
    public void Length(int field, int length)
    {
        Varint((ulong)field << 3 | 2);
        Varint((ulong)length);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Length(field, value.Length);
        Raw(value);
    }

    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[_at..]);
        _at += value.Length;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _destination[_at++] = (byte)(value | 0x80);
        _destination[_at++] = (byte)value;
    }
}
