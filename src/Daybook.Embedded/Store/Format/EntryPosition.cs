using static System.Buffers.Binary.BinaryPrimitives;

namespace Daybook.Embedded.Store.Format;

/// <summary>Where an entry is in its segment.</summary>
/// <param name="Offset">Of its record.</param>
/// <param name="Length">Of its payload.</param>
internal readonly record struct EntryPosition(uint Offset, int Length)
{
    /// <summary>In bytes, in a footer.</summary>
    public const int Size = 8;

    public long End => Offset + RecordHeader.SizeOf(Length);

    public void Write(Span<byte> to)
    {
        WriteUInt32LittleEndian(to, Offset);
        WriteInt32LittleEndian(to[4..], Length);
    }

    public static EntryPosition Read(ReadOnlySpan<byte> from) => new(ReadUInt32LittleEndian(from), ReadInt32LittleEndian(from[4..]));
}
