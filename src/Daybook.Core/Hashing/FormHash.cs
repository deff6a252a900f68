using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Daybook.Core.Hashing;

/// <summary>Hashes values of which no better is known by their text and their JSON form. Slow, and so for such types only.</summary>
internal static class FormHash
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        ReferenceHandler = ReferenceHandler.IgnoreCycles,
    };

    /// <summary>The types that stand for work, code or resources, and hold no lasting content.</summary>
    private static readonly Type[] s_contentless =
        [typeof(Delegate), typeof(Task), typeof(Stream), typeof(Type), typeof(CancellationToken), typeof(WaitHandle), typeof(IServiceProvider)];

    /// <summary>The hash of a type's values.</summary>
    public static Func<T, int, ulong> Of<T>()
    {
        var type = typeof(T);
        if (s_contentless.Any(type.IsAssignableTo))
            return static (_, _) => 0;
        if (type.IsAssignableTo(typeof(JsonNode)))
            return static (value, _) => HashMix.Text(((JsonNode?)(object?)value)?.ToJsonString());
        if (type.IsAssignableTo(typeof(IFormattable)))
            return static (value, _) => HashMix.Text(((IFormattable?)value)?.ToString(null, CultureInfo.InvariantCulture));
        var hasText = type != typeof(JsonElement) && HasText(type); // the text of an element keeps white space
        return (value, _) => value is null ? 0 : HashMix.Mix(HashMix.Chain(hasText ? HashMix.Text(value.ToString()) : 0, Json(value)));
    }

    private static bool HasText(Type type) =>
        type.GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType is { } declaring && declaring != typeof(object) && declaring != typeof(ValueType);

    private static ulong Json(object value)
    {
        try
        {
            return HashMix.Bytes(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), s_options));
        }
        catch (Exception e) when (e is not OutOfMemoryException) // the getters of the value run here
        {
            return 0;
        }
    }
}
