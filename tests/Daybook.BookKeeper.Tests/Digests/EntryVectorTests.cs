using System.Text;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Tests.Vectors;
using Daybook.BookKeeper.Tests.Wire;

namespace Daybook.BookKeeper.Tests.Digests;

/// <summary>L18: digests, keys and packaging are those of the Java client.</summary>
public sealed class EntryVectorTests
{
    public static TheoryData<int> Entries => [.. Enumerable.Range(0, Recorded.Entries.Count)];

    [Fact]
    public void L18_master_keys_are_those_of_java()
    {
        Assert.Equal("850bf1071c5e3d8c24235676f8816ae0cbe2f14f", Probe.Hex(LedgerKeys.MasterKey(default)));
        Assert.Equal("e793cbc379107648537183605cd361d3bb789a39", Probe.Hex(LedgerKeys.MasterKey("secret"u8)));
    }

    [Fact]
    public void L18_every_digest_type_is_among_the_recorded_entries() =>
        Assert.Equal(["CRC32", "CRC32C", "DUMMY", "MAC"], Recorded.Entries.Select(e => e.Digest).Distinct().Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Entries))]
    public void L18_recorded_entry_opens_and_is_rebuilt_byte_for_byte(int index)
    {
        var recorded = Recorded.Entries[index];
        var digest = EntryDigest.Of(TypeOf(recorded.Digest), Probe.Password);
        var opened = PackagedEntry.Open(recorded.Bytes, new LedgerId(recorded.Ledger), new EntryId(recorded.Entry), digest, Probe.Bookie);
        var rebuilt = PackagedEntry.Seal(opened.Header, opened.Payload, digest);

        Assert.Equal($"entry-{recorded.Entry}-of-ledger-{recorded.Ledger}", Encoding.ASCII.GetString(opened.Payload.Span));
        Assert.Equal(new EntryId(recorded.Lac), opened.Header.LastAddConfirmed);
        Assert.Equal(Probe.Hex(recorded.Bytes), Probe.Hex([.. rebuilt.Head.Span, .. rebuilt.Payload.Span]));
    }

    [Fact]
    public void L18_checksums_of_the_check_string_are_the_published_ones()
    {
        Assert.Equal(0xCBF43926, Crc32.Append(0, "123456789"u8));
        Assert.Equal(0xE3069283, Crc32C.Compute("123456789"u8));
    }

    [Fact]
    public void Crc32_of_parts_is_that_of_the_whole()
    {
        var data = new byte[100];
        new Random(5).NextBytes(data);
        var whole = Crc32.Append(0, data);

        Assert.Equal(Bitwise(data), whole);
        Assert.All(Enumerable.Range(0, 101), cut => Assert.Equal(whole, Crc32.Append(Crc32.Append(0, data.AsSpan(0, cut)), data.AsSpan(cut))));
    }

    internal static DigestType TypeOf(string name) => name switch
    {
        "CRC32" => DigestType.Crc32,
        "CRC32C" => DigestType.Crc32C,
        "MAC" => DigestType.Hmac,
        _ => DigestType.Dummy,
    };

    private static uint Bitwise(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        return ~crc;
    }
}
