using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Daybook.Core.Tests.States.Values;

/// <summary>Shows all that an object holds: private fields, the kind of a time, the digits of a number, the comparer of a
/// collection.</summary>
internal static class Shown
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"\"{string.Join(' ', text.Select(c => ((int)c).ToString("x", CultureInfo.InvariantCulture)))}\"",
        char c => $"'{(int)c:x}'",
        double d => $"{BitConverter.DoubleToInt64Bits(d):x}d",
        float f => $"{BitConverter.SingleToInt32Bits(f):x}f",
        decimal m => $"{string.Join('.', decimal.GetBits(m))}m",
        DateTime time => $"{time:O} {time.Kind}",
        DateTimeOffset or DateOnly or TimeOnly => $"{value:O}",
        Enum e => $"{e.GetType().Name}.{e:D}",
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        JsonElement json => json.GetRawText(),
        Uri or Version or Guid or TimeSpan or Half or Int128 or System.Net.IPAddress or System.Text.Json.Nodes.JsonNode => $"{value}",
        IEnumerable elements => Elements(elements),
        _ when value.GetType().IsPrimitive => $"{value}",
        _ => Members(value),
    };

    private static string Elements(IEnumerable elements)
    {
        var type = elements.GetType();
        if (type.GetProperty("IsDefault")?.GetValue(elements) is true)
            return "default";
        var comparer = (type.GetProperty("Comparer") ?? type.GetProperty("KeyComparer"))?.GetValue(elements)?.GetType().Name;
        return $"{type.Name}({comparer})[{string.Join(", ", elements.Cast<object?>().Select(Of))}]";
    }

    private static string Members(object value)
    {
        var fields = new List<string>();
        for (var t = value.GetType(); t is not null && t != typeof(object); t = t.BaseType)
        {
            foreach (var field in t.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                fields.Add($"{t.Name}.{field.Name}={Of(field.GetValue(value))}");
        }
        return $"{value.GetType().Name}{{{string.Join("; ", fields)}}}";
    }
}
