using System.Buffers;
using System.Buffers.Binary;
using Daybook.BookKeeper.Digests;

namespace Daybook.BookKeeper.Wire;

/// <summary>Frames on a connection: a big-endian length that does not count itself, then as many bytes.</summary>
internal static class Frames
{
    /// <summary>The length of the prefix in bytes.</summary>
    public const int PrefixSize = 4;

    /// <summary>The longest frame that bookies take unless configured otherwise, in bytes (<c>nettyMaxFrameSizeBytes</c>).</summary>
    public const int DefaultMaxSize = 5 * 1024 * 1024;

    /// <summary>More than any add or read puts around a payload: ids of ten bytes, keys, the entry's header and longest digest.</summary>
    private const int LargestOverhead = 160;

    /// <summary>An entry's header and longest digest, an HMAC.</summary>
    private const int LargestHead = EntryHeader.Size + 20;

    /// <summary>The largest payload of an entry that both versions of the protocol can add and read back within a frame.</summary>
    public static int MaxPayload(int maxFrameSize) => maxFrameSize - LargestOverhead;

    /// <summary>The largest packaged entry of which the same is true: such a payload with header and digest.</summary>
    public static int MaxPackaged(int maxFrameSize) => MaxPayload(maxFrameSize) + LargestHead;

    /// <summary>Reads the prefix of a frame.</summary>
    /// <exception cref="MalformedFrameException">The frame would be empty, negative or longer than allowed.</exception>
    public static int ReadLength(ReadOnlySpan<byte> prefix, int maxFrameSize)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        return length > 0 && length <= maxFrameSize
            ? length
            : throw new MalformedFrameException($"A frame of {length} bytes is announced; the limit is {maxFrameSize} bytes.");
    }

    /// <summary>Takes the next frame off a buffer.</summary>
    /// <returns>False, and the buffer as it was, when the frame is not complete yet.</returns>
    /// <exception cref="MalformedFrameException">A frame is announced that is empty, negative or longer than allowed. Nothing was allocated for it.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int maxFrameSize, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (buffer.Length < PrefixSize)
            return false;
        Span<byte> prefix = stackalloc byte[PrefixSize];
        buffer.Slice(0, PrefixSize).CopyTo(prefix);
        var length = ReadLength(prefix, maxFrameSize);
        if (buffer.Length - PrefixSize < length)
            return false;
        frame = buffer.Slice(PrefixSize, length);
        buffer = buffer.Slice(frame.End);
        return true;
    }
}
