using System.Buffers;
using System.Text;
using Daybook.BookKeeper.Digests;

namespace Daybook.BookKeeper.Tests.Wire;

/// <summary>What the recorded probes were made of.</summary>
internal static class Probe
{
    public static readonly LedgerId Ledger = new(4328719365);
    public static readonly LedgerId LedgerOfV2 = new(4328722365);
    public static readonly BookieId Bookie = new("127.0.0.1:3181");
    public static readonly byte[] Password = "secret"u8.ToArray();
    public static readonly byte[] Key = LedgerKeys.MasterKey(Password);
    public static readonly EntryDigest Digest = EntryDigest.Of(DigestType.Crc32C, Password);

    public static PackagedEntry Packaged(LedgerId ledger, long entry, long lac, long length, string payload) =>
        PackagedEntry.Seal(new EntryHeader(ledger, new EntryId(entry), new EntryId(lac), length), Encoding.ASCII.GetBytes(payload), Digest);

    /// <summary>What is written, with its length prefix.</summary>
    public static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What is written, without its length prefix, which must be right.</summary>
    public static byte[] Payload(Action<IBufferWriter<byte>> write)
    {
        var written = Written(write);
        Assert.Equal(written.Length - 4, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(written));
        return written[4..];
    }

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
