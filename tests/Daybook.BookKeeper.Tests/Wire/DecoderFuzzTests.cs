using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Tests.Vectors;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.V2;
using Daybook.BookKeeper.Wire.V3;

namespace Daybook.BookKeeper.Tests.Wire;

/// <summary>Every decoder reads arbitrary bytes or throws the one typed error, and allocates no more than a small multiple of
/// them.</summary>
public sealed class DecoderFuzzTests
{
    private const int Rounds = 3_000;
    private const int AllocationPerRound = 64 * 1024;

    public static TheoryData<string> Names => [.. s_decoders.Keys];

    private static readonly byte[] s_listing = [0, 0, 0, 0, 0, 0, 0, 1, .. new byte[56], .. new byte[19], 5, .. new byte[4]];

    private static readonly byte[] s_batch = Probe.Payload(b => V2Responses.WriteBatchRead(
        b, new BatchReadResponse(BookieStatus.Ok, new LedgerId(7), new EntryId(3), 11, [new byte[40], new byte[32]])));

    private static readonly Dictionary<string, (Action<byte[]> Decode, byte[][] Seeds)> s_decoders = new()
    {
        ["v3 request"] = (b => V3Request.Decode(b), Sent(isV2: false)),
        ["v3 response"] = (b => V3Response.Decode(b), Received(isV2: false)),
        ["v2 request"] = (b => V2Requests.Decode(b), Sent(isV2: true)),
        ["v2 response"] = (b => V2Responses.Decode(b), [s_batch, .. Received(isV2: true)]),
        ["list of entries"] = (b => EntryListing.Decode(b), [s_listing]),
        ["metadata"] = (b => LedgerMetadataCodec.Decode(new LedgerId(1), b), [.. Recorded.Nodes.Values.Where(v => v.AsSpan().StartsWith("BookieMeta"u8)), Version1]),
        ["registration"] = (b => BookieRegistration.Decode(Probe.Bookie, b), Nodes("/available/1")),
        ["cookie"] = (b => BookieCookie.Decode(Probe.Bookie, b), [new BookieCookie("h:1", "/j", "1\t/l", "x").Encode()]),
        ["layout"] = (b => LedgerLayout.Decode(b), Nodes("/LAYOUT")),
    };

    private static byte[] Version1 => "BookieMetadataFormatVersion\t1\n2\n3\n40\n0\ta:1\tb:2\tc:3\n7\ta:1\tb:2\td:3\n9\tCLOSED"u8.ToArray();

    [Theory, MemberData(nameof(Names))]
    public void Any_bytes_are_read_or_refused_with_the_typed_error(string name)
    {
        var (decode, seeds) = s_decoders[name];
        var random = new Random(20261122);
        Assert.NotEmpty(seeds);
        foreach (var seed in seeds)
            decode(seed);
        var (read, refused) = (0, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(seeds[random.Next(seeds.Length)], random);
            try
            {
                decode(bytes);
                read++;
            }
            catch (Exception e) when (e is MalformedFrameException or BookKeeperException { Error: BookKeeperError.BadMetadata })
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{name}, round {round}, {Convert.ToHexString(bytes)}: {e}");
            }
        }
        Assert.True(refused > Rounds / 20, $"{refused} refused, {read} read");
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Rounds, 0, AllocationPerRound);
    }

    private static IEnumerable<(byte[]? Sent, byte[]? Received)> Frames(bool isV2) =>
        Recorded.Frames.Where(frame => frame.Key.StartsWith("v2", StringComparison.Ordinal) == isV2).Select(frame => frame.Value);

    private static byte[][] Sent(bool isV2) => [.. Frames(isV2).Select(frame => frame.Sent).OfType<byte[]>().Select(bytes => bytes[4..])];

    private static byte[][] Received(bool isV2) => [.. Frames(isV2).Select(frame => frame.Received).OfType<byte[]>()];

    private static byte[][] Nodes(string part) =>
        [.. Recorded.Nodes.Where(node => node.Key.Contains(part, StringComparison.Ordinal)).Select(node => node.Value)];

    private static byte[] Damage(byte[] seed, Random random)
    {
        var bytes = (byte[])seed.Clone();
        switch (random.Next(6))
        {
            case 0:
                return bytes[..random.Next(bytes.Length + 1)];
            case 1:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                return [.. bytes, .. Noise(random, 12)];
            case 3:
                for (var i = random.Next(1, 6); i > 0; i--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 4:
                var at = random.Next(bytes.Length);
                return [.. bytes[..at], 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, .. bytes[at..]];
            default:
                return Noise(random, 80);
        }
    }

    private static byte[] Noise(Random random, int most)
    {
        var noise = new byte[random.Next(most)];
        random.NextBytes(noise);
        return noise;
    }
}
