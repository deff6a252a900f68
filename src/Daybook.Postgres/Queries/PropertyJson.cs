using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Daybook.Postgres.Queries;

/// <summary>How one property is serialized, including its own converter and number handling, and which SQL type results.</summary>
internal static partial class PropertyJson
{
    private static readonly HashSet<Type> s_numbers =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128),
        typeof(Half), typeof(float), typeof(double), typeof(decimal),
    ];

    private static readonly ConditionalWeakTable<JsonPropertyInfo, JsonSerializerOptions> s_options = [];

    /// <summary>Options that serialize a single value exactly as the property would be.</summary>
    internal static JsonSerializerOptions Of(JsonPropertyInfo property, JsonSerializerOptions json) =>
        property.CustomConverter is null && property.NumberHandling is null ? json : s_options.GetValue(property, p => Make(p, json));

    /// <summary>
    /// The kind that all values of the type share, found by serializing samples; null where it varies by value. A number or a time that a
    /// converter writes as other text counts as text, because the server could not parse it.
    /// </summary>
    internal static DocumentValueKind? KindOf(Type declared, JsonSerializerOptions json)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        try
        {
            if (SamplesOf(type) is not { } samples)
                return json.GetTypeInfo(type).Kind == JsonTypeInfoKind.None ? null : DocumentValueKind.Json;
            var written = samples.Select(s => JsonSerializer.SerializeToElement(s, declared, json)).ToList();
            return written.TrueForAll(IsNumber) ? DocumentValueKind.Number
                : written.TrueForAll(IsTime) && !type.IsEnum ? DocumentValueKind.Time
                : written.Exists(w => w.ValueKind is JsonValueKind.Object or JsonValueKind.Array) ? DocumentValueKind.Json
                : DocumentValueKind.Text;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return DocumentValueKind.Text; // its converter does not accept every value
        }
    }

    /// <summary>False for durations and versions, whose text is known not to sort as they do. What a converter writes sorts as its author
    /// chose.</summary>
    internal static bool SortsAsText(Type declared) =>
        (Nullable.GetUnderlyingType(declared) ?? declared) is var type && type != typeof(TimeSpan) && type != typeof(Version);

    private static JsonSerializerOptions Make(JsonPropertyInfo property, JsonSerializerOptions json)
    {
        var options = new JsonSerializerOptions(json) { NumberHandling = property.NumberHandling ?? json.NumberHandling };
        if (property.CustomConverter is { } converter)
            options.Converters.Insert(0, converter);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private static IEnumerable<object>? SamplesOf(Type type)
    {
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().DefaultIfEmpty(Enum.ToObject(type, 0));
        if (s_numbers.Contains(type))
            return [Activator.CreateInstance(type)!, JsonSerializer.Deserialize("17", type)!];
        if (type == typeof(DateTimeOffset))
            return [DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(17)];
        return type == typeof(DateTime) ? [DateTime.UnixEpoch, DateTime.UnixEpoch.AddTicks(17)] : null;
    }

    private static bool IsNumber(JsonElement written) => written.ValueKind == JsonValueKind.Number
        || (written.ValueKind == JsonValueKind.String && decimal.TryParse(written.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static bool IsTime(JsonElement written) => written.ValueKind == JsonValueKind.String && Time().IsMatch(written.GetString()!);

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d", RegexOptions.CultureInvariant)]
    private static partial Regex Time();
}
