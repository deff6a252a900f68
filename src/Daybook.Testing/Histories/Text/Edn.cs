using System.Globalization;
using System.Text;

namespace Daybook.Testing.Histories.Text;

/// <summary>
/// The part of Clojure's data notation that histories use: nil, integers, strings, symbols and keywords (both read as their text), and
/// vectors (read as lists of objects).
/// </summary>
internal static class Edn
{
    private const string Delimiters = " ,[]\"";

    public static object? Read(string text)
    {
        var position = 0;
        return Read(text, ref position);
    }

    public static List<object?> ReadVector(string text) =>
        Read(text) as List<object?> ?? throw new FormatException($"'{text}' is not a vector.");

    public static string Quote(string text)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }

    public static string Write(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "nil";

    private static object? Read(string text, ref int position)
    {
        SkipBlank(text, ref position);
        if (position == text.Length) throw new FormatException($"'{text}' ends before its value does.");
        return text[position] switch
        {
            '[' => ReadElements(text, ref position),
            '"' => ReadString(text, ref position),
            _ => ReadAtom(text, ref position),
        };
    }

    private static List<object?> ReadElements(string text, ref int position)
    {
        var elements = new List<object?>();
        position++;
        while (true)
        {
            SkipBlank(text, ref position);
            if (position < text.Length && text[position] == ']') break;
            elements.Add(Read(text, ref position));
        }
        position++;
        return elements;
    }

    private static string ReadString(string text, ref int position)
    {
        var characters = new StringBuilder();
        for (position++; position < text.Length && text[position] != '"'; position++)
        {
            if (text[position] == '\\') position++;
            if (position < text.Length) characters.Append(text[position]);
        }
        if (position >= text.Length) throw new FormatException($"'{text}' ends inside a string.");
        position++;
        return characters.ToString();
    }

    private static object? ReadAtom(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && !Delimiters.Contains(text[position], StringComparison.Ordinal)) position++;
        if (position == start) throw new FormatException($"'{text}' has an unexpected '{text[start]}' at {start}.");
        var atom = text[start..position];
        if (atom == "nil") return null;
        return long.TryParse(atom, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : atom;
    }

    private static void SkipBlank(string text, ref int position)
    {
        while (position < text.Length && text[position] is ' ' or ',') position++;
    }
}
