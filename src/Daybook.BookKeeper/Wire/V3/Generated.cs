using Google.Protobuf;

namespace Daybook.BookKeeper.Wire.V3;

/// <summary>Reads messages of the generated types with one kind of error.</summary>
internal static class Generated
{
    public static T Parse<T>(MessageParser<T> parser, ReadOnlyMemory<byte> bytes)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes.Span);
        }
        // The latter is thrown for a message that lacks required fields.
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException)
        {
            throw new MalformedFrameException($"Bytes are no {typeof(T).Name}: {e.Message}", e);
        }
    }
}
