using System.Reflection;

namespace Daybook.Postgres.Schema;

/// <summary>
/// A textual fingerprint of a projection: the names of the event types that its class mentions, and the properties of the type it
/// stores. Kept beside the checkpoints; when it changes, the version must change. It covers neither method bodies nor other classes
/// that the projection calls. Compiling the same code again gives the same text.
/// </summary>
internal static class ProjectionShape
{
    internal static string OfDocument(Type projection, Type document) => $"{Events(projection)}; document {Describe(document, [])}";

    internal static string Events(Type projection)
    {
        var names = CodeReferences.TypesOf(projection)
            .Select(t => t.GetCustomAttribute<EventTypeAttribute>()?.Name)
            .OfType<string>().Distinct().Order(StringComparer.Ordinal);
        return $"events {string.Join(", ", names)}";
    }

    internal static string Describe(Type type, HashSet<Type> within)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Describe(value, within) + "?";
        if (type.IsArray)
            return Describe(type.GetElementType()!, within) + "[]";
        var name = NameOf(type, within);
        if (type.IsEnum || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true || !within.Add(type))
            return name;
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0)
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"{p.Name}: {Describe(p.PropertyType, within)}")
            .ToList();
        within.Remove(type);
        return $"{{ {string.Join(", ", properties)} }}";
    }

    // Full names of generic types contain assembly versions, which change without any change in the code.
    private static string NameOf(Type type, HashSet<Type> within) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(t => Describe(t, within)))}>"
        : type.Name;
}
