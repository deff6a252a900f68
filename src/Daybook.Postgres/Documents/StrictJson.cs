using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Daybook.Postgres.Schema;

namespace Daybook.Postgres.Documents;

/// <summary>
/// The serializer writes U+FFFD for half a surrogate pair, which then reads back as another text. Output that contains that character is
/// therefore written a second time, strictly, so that a text that no document can hold is an error.
/// </summary>
internal static class StrictJson
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> s_strict = [];

    /// <exception cref="JsonException">A text holds half a surrogate pair.</exception>
    internal static void Require<T>(ReadOnlySpan<byte> written, T value, Type type, JsonSerializerOptions json)
    {
        if (written.IndexOf("\\uFFFD"u8) >= 0 || written.IndexOf("\uFFFD"u8) >= 0)
            JsonSerializer.SerializeToUtf8Bytes(value, type, s_strict.GetValue(json, WithTexts));
    }

    private static JsonSerializerOptions WithTexts(JsonSerializerOptions json) => new(json) { Converters = { new Text(), new Character() } };

    private static void Check(ReadOnlySpan<char> text)
    {
        if (StorableText.HoldsHalfSurrogate(text))
            throw new JsonException("a text holds half a surrogate pair, which JSON cannot hold");
    }

    private sealed class Text : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            Check(value);
            writer.WriteStringValue(value);
        }

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            Check(value);
            writer.WritePropertyName(value);
        }
    }

    private sealed class Character : JsonConverter<char>
    {
        public override char Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()![0];

        public override void Write(Utf8JsonWriter writer, char value, JsonSerializerOptions options)
        {
            Check([value]);
            writer.WriteStringValue([value]);
        }
    }
}
