using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bank.Amounts;

/// <summary>The rules that account names and currencies share: a short text that reads the same everywhere.</summary>
internal static class TextValue
{
    /// <summary>Returns why a text of any length, possibly of several lines, cannot be stored unchanged; null when it can.</summary>
    public static string? Problem(string text, string noun)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\t' or '\r' or '\n'))
                return $"{noun} holds the control character U+{(int)text[i]:X4} at position {i + 1}";
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return $"{noun} holds half of a surrogate pair at position {i + 1}";
            i++;
        }
        return null;
    }

    /// <summary>Returns the text when it is 1 to <paramref name="maxLength"/> characters without control characters or outer spaces.</summary>
    /// <exception cref="FormatException">It is not; the message names what is wrong.</exception>
    public static string Validated(string? text, string noun, int maxLength)
    {
        if (string.IsNullOrEmpty(text))
            throw new FormatException($"{noun} must not be empty");
        if (text.Length > maxLength)
            throw new FormatException($"{noun} has {text.Length} characters; at most {maxLength} are allowed");
        if (text.Any(char.IsControl))
            throw new FormatException($"{noun} holds a control character");
        if (text.FirstOrDefault(IsInvisible) is not '\0' and var invisible)
            throw new FormatException($"{noun} holds the invisible character U+{(int)invisible:X4}");
        if (Problem(text, noun) is { } problem)
            throw new FormatException(problem);
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
            throw new FormatException($"{noun} '{text}' begins or ends with a space");
        return text;
    }

    /// <summary>Whether two texts that differ in a character may look the same.</summary>
    private static bool IsInvisible(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

/// <summary>Writes a text value as a plain JSON string, also where it is the key of a dictionary.</summary>
public abstract class TextValueConverter<T> : JsonConverter<T>
    where T : notnull
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? Parsed(reader.GetString()!)
            : throw new JsonException($"a string was expected, not {reader.TokenType}");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(TextOf(value));

    /// <inheritdoc/>
    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parsed(reader.GetString()!);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(TextOf(value));

    /// <summary>The value of a text.</summary>
    /// <exception cref="FormatException">The text is not acceptable.</exception>
    protected abstract T Parse(string text);

    /// <summary>The text of a value.</summary>
    protected abstract string TextOf(T value);

    private T Parsed(string text)
    {
        try
        {
            return Parse(text);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }
}
