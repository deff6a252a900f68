using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Daybook.Core.Serialization.RoundTrips;

/// <summary>Visits collections and dictionaries.</summary>
internal static class CollectionVisit
{
    public static void Run(RoundTripVisit visit, JsonTypeInfo info, JsonSerializerOptions options, string where)
    {
        var type = info.Type;
        if (!KnownTypes.IsImmutableList(type))
            visit.MayChange();
        if (KnownTypes.IsReversed(type))
            visit.Lose($"'{where}' is a '{type.Name}', which JSON reads back in the opposite order; use a list.");
        if (OwnMembers(type).FirstOrDefault() is { } member)
            visit.Lose($"'{where}' is the collection '{type}', of which JSON stores the elements but not '{member}'; make the collection a property of a record.");
        if (info.Kind == JsonTypeInfoKind.Dictionary)
            Key(visit, info, options, where);
        CheckReads(visit, info, where);
        if (info.ElementType is { } element)
            visit.Value(element, where);
    }

    /// <summary>What a collection of the application holds beside its elements.</summary>
    private static IEnumerable<string> OwnMembers(Type type)
    {
        for (var t = type; t is not null && !t.IsArray && !KnownTypes.IsOfFramework(t); t = t.BaseType)
        {
            foreach (var field in t.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                yield return StoredMembers.NameOf(field);
        }
    }

    private static void Key(RoundTripVisit visit, JsonTypeInfo info, JsonSerializerOptions options, string where)
    {
        if (info.KeyType is not { } key)
            return;
        var converter = options.GetTypeInfo(key).Converter.GetType();
        if (converter.Assembly == typeof(JsonSerializer).Assembly && !KnownTypes.CanBeKey(key))
            visit.Lose($"'{where}' is a dictionary with keys of type '{key}', which JSON cannot store as names; use a list of records, or text as key.");
    }

    private static void CheckReads(RoundTripVisit visit, JsonTypeInfo info, string where)
    {
        if (!KnownTypes.IsOfFramework(info.Type) && info.CreateObject is not null)
            return;
        try
        {
            JsonSerializer.Deserialize(info.Kind == JsonTypeInfoKind.Dictionary ? "{}"u8 : "[]"u8, info);
        }
        catch (NotSupportedException)
        {
            visit.Lose($"'{where}' is a '{info.Type}', which JSON can write but not read back; use an immutable or plain collection.");
        }
    }
}
