using System.Buffers;
using System.Reflection;
using System.Text;
using Daybook.Core.Serialization;

namespace Daybook.Testing.Scenarios;

/// <summary>Events as they are stored, and as one line of text; two events are equal if their lines are.</summary>
internal static class EventText
{
    /// <exception cref="DaybookException">The value is no registered event, or cannot be written.</exception>
    public static EventData Encode(EventCodec codec, object @event)
    {
        if (@event is EventData data)
            return data;
        codec.Check(@event);
        var body = new ArrayBufferWriter<byte>();
        codec.Serializer.Serialize(@event, body);
        return new EventData(@event.GetType().GetCustomAttribute<EventTypeAttribute>()!.Name, body.WrittenMemory);
    }

    /// <summary>For example <c>account/alice#3 bank.withdrawn.v1 {"amount":30}</c>.</summary>
    public static string Line(StreamId stream, long version, string type, ReadOnlySpan<byte> data)
    {
        Span<char> text = new char[data.Length];
        return Encoding.UTF8.TryGetChars(data, text, out var length) && !text[..length].ContainsAny('\0', '\uFFFD')
            ? $"{stream}#{version} {type} {text[..length]}"
            : $"{stream}#{version} {type} 0x{Convert.ToHexString(data)}";
    }
}
