using System.Buffers;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>What one connection speaks. Keeps the ids of its requests; writing is not safe for many threads, reading may go on beside it.</summary>
internal interface IDialect
{
    /// <summary>What the answer to a request will be known by.</summary>
    RequestKey KeyOf(in Outgoing request);

    /// <summary>Writes a request with its length prefix.</summary>
    void Write(IBufferWriter<byte> output, in RequestKey key, in Outgoing request);

    /// <summary>Reads the payload of a frame.</summary>
    /// <param name="frame">The payload.</param>
    /// <param name="isOwned">False when its bytes will be written over, so that what is kept must be copied.</param>
    /// <exception cref="MalformedFrameException">It is no answer.</exception>
    Answer Read(ReadOnlyMemory<byte> frame, bool isOwned);
}

/// <summary>What both dialects do with bodies.</summary>
internal static class Bodies
{
    /// <summary>A body that may be kept for ever. Copying small ones into separate arrays costs no more memory than keeping the receive
    /// buffer, and one entry that is kept does not keep its neighbours.</summary>
    public static ReadOnlyMemory<byte> Kept(ReadOnlyMemory<byte> body, bool isOwned) => isOwned || body.IsEmpty ? body : body.ToArray();
}
