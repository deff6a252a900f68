using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bank.Amounts;

namespace Bank.Http;

/// <summary>
/// Writes amounts as strings, since most JSON readers turn numbers into floating point; reads strings and numbers, exactly.
/// </summary>
public sealed class AmountConverter : JsonConverter<decimal>
{
    /// <inheritdoc/>
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan),
            _ => throw new JsonException($"an amount was expected, not {reader.TokenType}"),
        };
        return ExactDecimal.TryParse(text, out var value, out var problem) ? value : throw new JsonException(problem);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ExactDecimal.Text(value));
}
