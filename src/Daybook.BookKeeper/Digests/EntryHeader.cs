using System.Buffers.Binary;

namespace Daybook.BookKeeper.Digests;

/// <summary>What stands before the digest in every stored entry: four longs, big-endian.</summary>
/// <param name="Ledger">The ledger.</param>
/// <param name="Entry">The entry.</param>
/// <param name="LastAddConfirmed">What the writer knew to be acknowledged when it sent the entry; <see cref="EntryId.None"/> at first.</param>
/// <param name="Length">The bytes of all payloads of the ledger up to and with this one.</param>
internal readonly record struct EntryHeader(LedgerId Ledger, EntryId Entry, EntryId LastAddConfirmed, long Length)
{
    public const int Size = 32;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, Ledger.Value);
        BinaryPrimitives.WriteInt64BigEndian(destination[8..], Entry.Value);
        BinaryPrimitives.WriteInt64BigEndian(destination[16..], LastAddConfirmed.Value);
        BinaryPrimitives.WriteInt64BigEndian(destination[24..], Length);
    }

    /// <summary>Reads the first <see cref="Size"/> bytes; there must be as many.</summary>
    public static EntryHeader Read(ReadOnlySpan<byte> packaged) => new(
        new LedgerId(BinaryPrimitives.ReadInt64BigEndian(packaged)),
        new EntryId(BinaryPrimitives.ReadInt64BigEndian(packaged[8..])),
        new EntryId(BinaryPrimitives.ReadInt64BigEndian(packaged[16..])),
        BinaryPrimitives.ReadInt64BigEndian(packaged[24..]));
}
