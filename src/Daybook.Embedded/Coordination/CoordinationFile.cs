using System.Text;
using Daybook.Coordination;

namespace Daybook.Embedded.Coordination;

/// <summary>The bytes of a <see cref="CoordinationState"/> (docs/ledger-format.md, "Coordination"). Pure.</summary>
internal static class CoordinationFile
{
    public const int Version = 1;

    private static ReadOnlySpan<byte> Magic => "DAYBOOKC"u8;

    // 0 "DAYBOOKC" | 8 version | 12 CRC-32C of the rest | 16 last version | 24 leases | 28 records
    // per lease: name (u8 length, UTF-8) | epoch; per record: key (u8 length, UTF-8) | version | value (i32 length, bytes)
    public static byte[] ToBytes(CoordinationState state)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content, Encoding.UTF8);
        writer.Write(state.LastVersion);
        writer.Write(state.Epochs.Count);
        writer.Write(state.Records.Count);
        foreach (var (name, epoch) in state.Epochs)
        {
            WriteKey(writer, name);
            writer.Write(epoch);
        }
        foreach (var (key, record) in state.Records)
        {
            WriteKey(writer, key);
            writer.Write(record.Version);
            writer.Write(record.Value.Length);
            writer.Write(record.Value.Span);
        }
        writer.Flush();
        return [.. Magic, .. BitConverter.GetBytes(Version), .. BitConverter.GetBytes(Crc32C.Compute(content.ToArray())), .. content.ToArray()];
    }

    /// <summary>Null for bytes that do not verify.</summary>
    public static CoordinationState? TryRead(byte[] bytes)
    {
        if (bytes.Length < 32 || !bytes.AsSpan(0, 8).SequenceEqual(Magic) || BitConverter.ToInt32(bytes, 8) != Version
            || BitConverter.ToUInt32(bytes, 12) != Crc32C.Compute(bytes.AsSpan(16)))
            return null;
        using var reader = new BinaryReader(new MemoryStream(bytes, 16, bytes.Length - 16), Encoding.UTF8);
        var lastVersion = reader.ReadInt64();
        var (leases, records) = (reader.ReadInt32(), reader.ReadInt32());
        var epochs = CoordinationState.Empty.Epochs.ToBuilder();
        for (var i = 0; i < leases; i++)
            epochs.Add(ReadKey(reader), reader.ReadInt64());
        var found = CoordinationState.Empty.Records.ToBuilder();
        for (var i = 0; i < records; i++)
        {
            var (key, version) = (ReadKey(reader), reader.ReadInt64());
            found.Add(key, new CoordinationRecord(key, reader.ReadBytes(reader.ReadInt32()), version));
        }
        return new CoordinationState(lastVersion, found.ToImmutable(), epochs.ToImmutable());
    }

    private static void WriteKey(BinaryWriter writer, string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        writer.Write((byte)bytes.Length);
        writer.Write(bytes);
    }

    private static string ReadKey(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadByte()));
}
