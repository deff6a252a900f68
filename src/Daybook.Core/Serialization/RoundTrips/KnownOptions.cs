using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Daybook.Core.Serialization.RoundTrips;

/// <summary>The options that leave a value as its members have it.</summary>
internal static class KnownOptions
{
    /// <summary>Whether every member is written and read by its own getter and setter. Others may skip members, or change them by code of
    /// the application.</summary>
    public static bool KeepMembers(JsonSerializerOptions options) =>
        options.DefaultIgnoreCondition == JsonIgnoreCondition.Never && options.ReferenceHandler is null && options.TypeInfoResolverChain.All(IsKnown);

    /// <summary>Whether a member without a setter is left out, though a constructor could bring it back.</summary>
    public static bool LeaveOut(JsonSerializerOptions options, JsonPropertyInfo property)
    {
        if (property.Set is not null || options.GetTypeInfo(property.PropertyType).Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
            return false;
        return property.AttributeProvider is System.Reflection.FieldInfo ? options.IgnoreReadOnlyFields : options.IgnoreReadOnlyProperties;
    }

    private static bool IsKnown(IJsonTypeInfoResolver resolver) =>
        resolver is JsonSerializerContext
        || (resolver is DefaultJsonTypeInfoResolver { Modifiers.Count: 0 } && resolver.GetType().Assembly == typeof(JsonSerializer).Assembly);
}
