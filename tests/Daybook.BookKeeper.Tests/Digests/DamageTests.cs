using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Tests.Vectors;
using Daybook.BookKeeper.Tests.Wire;

namespace Daybook.BookKeeper.Tests.Digests;

/// <summary>L17: damage and mix-ups are detected, and the error names the place.</summary>
public sealed class DamageTests
{
    private static readonly int[] s_payloads = [0, 1, 7, 8, 1000];

    [Theory]
    [InlineData(DigestType.Crc32)]
    [InlineData(DigestType.Crc32C)]
    [InlineData(DigestType.Hmac)]
    public void L17_every_flipped_bit_is_noticed(DigestType type)
    {
        var digest = EntryDigest.Of(type, Probe.Password);
        var recorded = Recorded.Entries.First(e => EntryVectorTests.TypeOf(e.Digest) == type);
        var (ledger, entry) = (new LedgerId(recorded.Ledger), new EntryId(recorded.Entry));
        for (var bit = 0; bit < recorded.Bytes.Length * 8; bit++)
        {
            var damaged = (byte[])recorded.Bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            var error = Assert.Throws<BookKeeperException>(() => PackagedEntry.Open(damaged, ledger, entry, digest, Probe.Bookie));
            Assert.Equal(BookKeeperError.DigestMismatch, error.Error);
        }
    }

    [Fact]
    public void L17_error_names_ledger_entry_and_bookie()
    {
        var error = Assert.Throws<BookKeeperException>(() => PackagedEntry.Open(new byte[60], new LedgerId(7), new EntryId(9), Probe.Digest, Probe.Bookie));

        Assert.Equal((new LedgerId(7), new EntryId(9), Probe.Bookie), (error.Ledger, error.Entry, error.Bookie));
        Assert.Equal((BookKeeperError.DigestMismatch, ErrorCode.Corrupted), (error.Error, error.Code));
        Assert.Contains("ledger 7, entry 9, bookie 127.0.0.1:3181", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DigestType.Crc32)]
    [InlineData(DigestType.Crc32C)]
    [InlineData(DigestType.Hmac)]
    [InlineData(DigestType.Dummy)]
    public void L17_entry_of_another_ledger_or_id_is_refused(DigestType type)
    {
        var digest = EntryDigest.Of(type, Probe.Password);
        var sealedEntry = PackagedEntry.Seal(new EntryHeader(new LedgerId(7), new EntryId(9), new EntryId(8), 5), "hello"u8.ToArray(), digest);
        byte[] bytes = [.. sealedEntry.Head.Span, .. sealedEntry.Payload.Span];

        foreach (var (ledger, entry) in new[] { (8, 9), (7, 8), (8, -1) })
        {
            var error = Assert.Throws<BookKeeperException>(() => PackagedEntry.Open(bytes, new LedgerId(ledger), new EntryId(entry), digest, Probe.Bookie));
            Assert.Equal(BookKeeperError.ProtocolViolation, error.Error);
        }
        Assert.Equal(new EntryId(9), PackagedEntry.Open(bytes, new LedgerId(7), EntryId.None, digest, Probe.Bookie).Header.Entry);
    }

    [Fact]
    public void L17_hmac_of_another_password_is_noticed()
    {
        var recorded = Recorded.Entries.First(e => e.Digest == "MAC");
        var other = EntryDigest.Of(DigestType.Hmac, "guess"u8);

        Assert.Throws<BookKeeperException>(() => PackagedEntry.Open(recorded.Bytes, new LedgerId(recorded.Ledger), new EntryId(recorded.Entry), other, Probe.Bookie));
    }

    [Theory]
    [InlineData(DigestType.Crc32)]
    [InlineData(DigestType.Crc32C)]
    [InlineData(DigestType.Hmac)]
    public void L17_explicit_lac_is_checked_like_an_entry(DigestType type)
    {
        var digest = EntryDigest.Of(type, Probe.Password);
        var packet = LacPacket.Seal(new LedgerId(7), new EntryId(4), digest);

        Assert.Equal(new EntryId(4), LacPacket.Open(packet, new LedgerId(7), digest, Probe.Bookie));
        Assert.Equal(
            BookKeeperError.ProtocolViolation, Assert.Throws<BookKeeperException>(() => LacPacket.Open(packet, new LedgerId(8), digest, Probe.Bookie)).Error);
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            var damaged = (byte[])packet.Clone();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Throws<BookKeeperException>(() => LacPacket.Open(damaged, new LedgerId(7), digest, Probe.Bookie));
        }
    }

    [Fact]
    public void Every_digest_seals_and_opens_payloads_of_any_size()
    {
        foreach (var (type, size) in from type in Enum.GetValues<DigestType>() from size in s_payloads select (type, size))
        {
            var digest = EntryDigest.Of(type, Probe.Password);
            var entry = PackagedEntry.Seal(new EntryHeader(new LedgerId(1), new EntryId(2), new EntryId(1), size), new byte[size], digest);

            Assert.Equal(size, PackagedEntry.Open((byte[])[.. entry.Head.Span, .. entry.Payload.Span], new LedgerId(1), new EntryId(2), digest, Probe.Bookie).Payload.Length);
        }
    }

    [Fact]
    public void Unknown_digest_type_is_a_typed_error() =>
        Assert.Equal(BookKeeperError.IncorrectParameter, Assert.Throws<BookKeeperException>(() => EntryDigest.Of((DigestType)9, default)).Error);
}
