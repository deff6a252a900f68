using System.Buffers;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.V2;
using Daybook.BookKeeper.Wire.V3;

namespace Daybook.BookKeeper.Tests.Wire;

public sealed class FramesTests
{
    [Fact]
    public void Frame_comes_once_it_is_complete_however_it_is_cut()
    {
        byte[] stream = [0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 1, 9];
        for (var cut = 0; cut < 7; cut++)
        {
            var part = new ReadOnlySequence<byte>(stream, 0, cut);
            Assert.False(Frames.TryRead(ref part, 100, out _));
            Assert.Equal(cut, part.Length);
        }
        var rest = Segmented(stream);

        Assert.True(Frames.TryRead(ref rest, 100, out var first));
        Assert.True(Frames.TryRead(ref rest, 100, out var second));
        Assert.Equal([1, 2, 3], first.ToArray());
        Assert.Equal([9], second.ToArray());
        Assert.Equal(0, rest.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(Frames.DefaultMaxSize + 1)]
    [InlineData(6 * 1024 * 1024)]
    public void Frame_of_a_length_that_is_not_allowed_is_malformed_before_it_arrives(int length)
    {
        var prefix = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(prefix, length);

        Assert.Throws<MalformedFrameException>(() =>
        {
            var buffer = new ReadOnlySequence<byte>(prefix);
            Frames.TryRead(ref buffer, Frames.DefaultMaxSize, out _);
        });
    }

    [Fact]
    public void Largest_payload_fits_a_frame_with_the_longest_of_everything()
    {
        const int Max = 10_000;
        var ledger = new LedgerId(long.MaxValue);
        var entry = new EntryId(long.MaxValue);
        var hmac = EntryDigest.Of(DigestType.Hmac, default);
        var body = PackagedEntry.Seal(new EntryHeader(ledger, entry, entry, long.MaxValue), new byte[Frames.MaxPayload(Max)], hmac);
        var all = AddOptions.Recovery | AddOptions.DeferredSync | AddOptions.HighPriority;
        var add = new AddRequest(ledger, entry, Probe.Key, body, all);
        var stored = (byte[])[.. body.Head.Span, .. body.Payload.Span];
        var read = new ReadResponse(BookieStatus.UnknownLedgerState, ledger, EntryId.None, stored, EntryId.None, -1);

        Assert.InRange(Probe.Payload(b => V3Requests.WriteAdd(b, ulong.MaxValue, add)).Length, Max - 60, Max);
        Assert.InRange(Probe.Payload(b => V2Requests.WriteAdd(b, add)).Length, 1, Max);
        var header = new V3Header(Daybook.BookKeeper.Wire.Proto.OperationType.ReadEntry, ulong.MaxValue);
        Assert.InRange(Probe.Payload(b => V3Responses.WriteRead(b, header, read)).Length, 1, Max);
        Assert.InRange(Probe.Payload(b => V2Responses.WriteRead(b, read)).Length, 1, Max);
    }

    private static ReadOnlySequence<byte> Segmented(byte[] bytes)
    {
        var first = new Part([bytes[0]], 0);
        var last = bytes.Skip(1).Aggregate(first, (part, value) => part.Append(value));
        return new ReadOnlySequence<byte>(first, 0, last, 1);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(byte[] bytes, long index) => (Memory, RunningIndex) = (bytes, index);

        public Part Append(byte value)
        {
            var next = new Part([value], RunningIndex + 1);
            Next = next;
            return next;
        }
    }
}
