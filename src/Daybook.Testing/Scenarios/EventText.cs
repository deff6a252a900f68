using System.Text;

namespace Daybook.Testing.Scenarios;

/// <summary>Events as one line of text; two events are equal if their lines are.</summary>
internal static class EventText
{
    /// <summary>For example <c>account/alice#3 bank.withdrawn.v1 {"amount":30}</c>.</summary>
    public static string Line(StreamId stream, long version, string type, ReadOnlySpan<byte> data)
    {
        Span<char> text = new char[data.Length];
        return Encoding.UTF8.TryGetChars(data, text, out var length) && !text[..length].ContainsAny('\0', '\uFFFD')
            ? $"{stream}#{version} {type} {text[..length]}"
            : $"{stream}#{version} {type} 0x{Convert.ToHexString(data)}";
    }
}
