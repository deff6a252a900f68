using System.Buffers.Binary;
using System.Text;

namespace Daybook.Core.Records;

/// <summary>Reads what <see cref="RecordEncoder"/> wrote. Any overrun is reported as damage, never read past.</summary>
internal ref struct RecordDecoder(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _data.Length;

    public byte ReadByte() => Take(1)[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public Guid ReadGuid() => new(Take(16));

    public long ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return (long)value;
        }
        throw Damaged("a number of more than ten bytes");
    }

    public int ReadCount()
    {
        var value = ReadVarint();
        return value is >= 0 and <= int.MaxValue ? (int)value : throw Damaged($"the count {value}");
    }

    /// <summary>A count of items that take at least the given number of bytes each, so that damage never asks for more memory than the
    /// record has bytes.</summary>
    public int ReadCountOf(int leastBytes)
    {
        var count = ReadCount();
        return (long)count * leastBytes <= _data.Length - Position ? count : throw Damaged($"{count} things in {_data.Length - Position} bytes");
    }

    public DateTimeOffset ReadTime()
    {
        var ticks = ReadInt64();
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : throw Damaged($"the time {ticks}");
    }

    public StreamId ReadStream() => Stream(ReadBytes());

    /// <summary>The name of a stream that was read before.</summary>
    public readonly StreamId Stream(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return new StreamId(Encoding.UTF8.GetString(utf8));
        }
        catch (DaybookException e) when (e.Code == ErrorCode.InvalidArgument)
        {
            throw Damaged(e.Message);
        }
    }

    public ReadOnlySpan<byte> ReadBytes() => Take(ReadCount());

    public string ReadText() => Encoding.UTF8.GetString(ReadBytes());

    public void Skip(int count) => Take(count);

    public ReadOnlySpan<byte> ReadRaw(int count) => Take(count);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _data.Length - Position)
            throw Damaged($"{count} bytes wanted where {_data.Length - Position} are left");
        var taken = _data.Slice(Position, count);
        Position += count;
        return taken;
    }

    private readonly DaybookException Damaged(string what) =>
        new(ErrorCode.Corrupted, $"A journal record is damaged at byte {Position}: {what}.");
}
