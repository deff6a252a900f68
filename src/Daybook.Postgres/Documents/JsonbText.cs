using System.Globalization;
using System.Text;
using System.Text.Json;
using Daybook.Projections;

namespace Daybook.Postgres.Documents;

/// <summary>
/// What <c>jsonb</c> makes of a JSON text: members ordered by length and bytes of their names, the last of each name; numbers without
/// exponent and without -0. A document that is folded further is read from that, so that it is the same whether it went to the server in
/// between or not.
/// </summary>
internal static class JsonbText
{
    internal static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        var text = new StringBuilder(json.Length + 16);
        Write(document.RootElement, text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(JsonElement value, StringBuilder text)
    {
        var isFirst = true;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var (name, member) in Members(value))
                {
                    Quote(name, text.Append(isFirst ? "" : ", "));
                    Write(member, text.Append(": "));
                    isFirst = false;
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var element in value.EnumerateArray())
                {
                    Write(element, text.Append(isFirst ? "" : ", "));
                    isFirst = false;
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                Quote(value.GetString()!, text);
                break;
            default:
                text.Append(value.ValueKind == JsonValueKind.Number ? Number(value.GetRawText()) : value.GetRawText());
                break;
        }
    }

    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement value)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
            members[member.Name] = member.Value;
        return members.Select(m => (m.Key, m.Value)).OrderBy(m => Encoding.UTF8.GetByteCount(m.Key)).ThenBy(m => m.Key, CodePointOrder.Instance);
    }

    private static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }

    /// <summary>A number as the server's <c>numeric</c> writes it: all digits, those after the point kept.</summary>
    private static string Number(string text)
    {
        var end = text.AsSpan().IndexOfAny('e', 'E');
        var exponent = end < 0 ? 0 : int.Parse(text.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var isNegative = text[0] == '-';
        var mantissa = text[(isNegative ? 1 : 0)..(end < 0 ? text.Length : end)];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var whole = (point < 0 ? digits.Length : point) + exponent;
        if (whole <= 0)
            (digits, whole) = (new string('0', 1 - whole) + digits, 1);
        if (whole > digits.Length)
            digits = digits.PadRight(whole, '0');
        var zeros = digits.AsSpan(0, whole - 1).IndexOfAnyExcept('0') is var first and >= 0 ? first : whole - 1;
        var sign = isNegative && digits.AsSpan().IndexOfAnyExcept('0') >= 0 ? "-" : "";
        return sign + digits[zeros..whole] + (whole < digits.Length ? "." + digits[whole..] : "");
    }
}
