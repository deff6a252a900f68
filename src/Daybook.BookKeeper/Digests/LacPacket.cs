using System.Buffers.Binary;

namespace Daybook.BookKeeper.Digests;

/// <summary>An explicit last-add-confirmed as WRITE_LAC carries it: ledger, LAC, and a digest over both.</summary>
internal static class LacPacket
{
    private const int Head = 16;

    /// <summary>Puts one together for sending.</summary>
    public static byte[] Seal(LedgerId ledger, EntryId lastAddConfirmed, EntryDigest digest)
    {
        var packet = new byte[Head + digest.Size];
        BinaryPrimitives.WriteInt64BigEndian(packet, ledger.Value);
        BinaryPrimitives.WriteInt64BigEndian(packet.AsSpan(8), lastAddConfirmed.Value);
        digest.Compute(packet.AsSpan(0, Head), default, packet.AsSpan(Head));
        return packet;
    }

    /// <summary>Checks what a bookie gave out.</summary>
    /// <exception cref="BookKeeperException">As for <see cref="PackagedEntry.Open"/>.</exception>
    public static EntryId Open(ReadOnlySpan<byte> packet, LedgerId ledger, EntryDigest digest, BookieId bookie)
    {
        if (packet.Length != Head + digest.Size || !digest.Matches(packet[..Head], default, packet[Head..]))
            throw new BookKeeperException(BookKeeperError.DigestMismatch, "the digest of the last-add-confirmed does not match", ledger, bookie: bookie);
        var served = BinaryPrimitives.ReadInt64BigEndian(packet);
        return served == ledger.Value
            ? new EntryId(BinaryPrimitives.ReadInt64BigEndian(packet[8..]))
            : throw new BookKeeperException(BookKeeperError.ProtocolViolation, $"the last-add-confirmed is that of ledger {served}", ledger, bookie: bookie);
    }
}
