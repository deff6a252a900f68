using System.Buffers.Binary;

namespace Daybook.Core.Records;

/// <summary>
/// The frame of a journal entry: its writer (epoch), where its records stand (first offset, count), and a checksum over it all. Layout in
/// docs/journal-format.md, pinned by golden bytes.
/// </summary>
/// <param name="Epoch">The owner that wrote it.</param>
/// <param name="First">The offset of its first record.</param>
/// <param name="Count">How many records it holds; at least one.</param>
internal readonly record struct EntryFrame(Epoch Epoch, JournalOffset First, int Count)
{
    public const int HeaderBytes = 32;
    private const byte Magic = 0xDB;
    private const byte FormatVersion = 2;

    public JournalOffset Next => First.Plus(Count);

    /// <summary>Writes the header over the first 32 bytes of a finished entry.</summary>
    public void Seal(Span<byte> entry)
    {
        entry[0] = Magic;
        entry[1] = FormatVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], Epoch.Value);
        BinaryPrimitives.WriteInt64LittleEndian(entry[16..], First.Value);
        BinaryPrimitives.WriteInt32LittleEndian(entry[24..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(entry[28..], entry.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], Crc32C.Compute(entry[8..]));
    }

    /// <summary>Reads and verifies a frame.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/> or <see cref="ErrorCode.NewerFormat"/>, naming the place.</exception>
    public static EntryFrame Open(ReadOnlySpan<byte> entry, LedgerId ledger, EntryId id)
    {
        if (entry.Length < HeaderBytes || entry[0] != Magic)
            throw Damaged(ledger, id, "it is not a journal entry");
        if (entry[1] > FormatVersion)
            throw new DaybookException(ErrorCode.NewerFormat,
                $"Entry {id} of ledger {ledger} has journal format {entry[1]}; this version reads up to {FormatVersion}.");
        if (entry[1] == 0 || entry[2] != 0 || entry[3] != 0)
            throw Damaged(ledger, id, "its format or reserved bytes make no sense");
        if (BinaryPrimitives.ReadInt32LittleEndian(entry[28..]) != entry.Length - HeaderBytes)
            throw Damaged(ledger, id, "its length does not match");
        if (BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) != Crc32C.Compute(entry[8..]))
            throw Damaged(ledger, id, "its checksum does not match");
        var frame = new EntryFrame(
            new Epoch(BinaryPrimitives.ReadInt64LittleEndian(entry[8..])),
            new JournalOffset(BinaryPrimitives.ReadInt64LittleEndian(entry[16..])),
            BinaryPrimitives.ReadInt32LittleEndian(entry[24..]));
        return frame.Count > 0 && frame.First.Value >= 0 ? frame : throw Damaged(ledger, id, "its counts make no sense");
    }

    private static DaybookException Damaged(LedgerId ledger, EntryId id, string what) =>
        new(ErrorCode.Corrupted, $"Entry {id} of ledger {ledger} is damaged: {what}.");
}
