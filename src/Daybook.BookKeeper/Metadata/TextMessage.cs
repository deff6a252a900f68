using System.Globalization;
using System.Text;

namespace Daybook.BookKeeper.Metadata;

/// <summary>A message of protobuf's text format, as metadata of version 2 and cookies use it: fields in their order.</summary>
internal sealed record TextMessage(IReadOnlyList<TextField> Fields)
{
    /// <exception cref="FormatException">It is no such text.</exception>
    public static TextMessage Parse(ReadOnlySpan<byte> text) => new TextMessageParser(text).Parse();

    /// <summary>Text in quotes, escaped as the format asks.</summary>
    public static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var part in Encoding.UTF8.GetBytes(value))
        {
            if (part is (byte)'"' or (byte)'\\' or (byte)'\'')
                quoted.Append('\\').Append((char)part);
            else if (part is >= 32 and < 127)
                quoted.Append((char)part);
            else
                quoted.Append('\\').Append(Convert.ToString(part, 8).PadLeft(3, '0'));
        }
        return quoted.Append('"').ToString();
    }
}

/// <summary>A field of a text message; one of the three values is present.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Word">A number or the name of an enum's value.</param>
/// <param name="Bytes">What stood in quotes.</param>
/// <param name="Message">What stood in braces.</param>
internal sealed record TextField(string Name, string? Word, byte[]? Bytes, TextMessage? Message)
{
    public long Number => long.TryParse(Word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new FormatException($"{Name} is no number");

    public int Int => Number is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw new FormatException($"{Name} is too large");

    public byte[] Quoted => Bytes ?? throw new FormatException($"{Name} does not stand in quotes");

    public string Text => Encoding.UTF8.GetString(Quoted);

    public TextMessage Nested => Message ?? throw new FormatException($"{Name} is no message");
}
