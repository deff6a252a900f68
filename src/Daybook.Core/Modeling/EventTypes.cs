using System.Collections.Concurrent;
using System.Reflection;

namespace Daybook.Core.Modeling;

/// <summary>Finds event types: those with an <see cref="EventTypeAttribute"/> of which there can be values.</summary>
internal static class EventTypes
{
    private static readonly ConcurrentDictionary<Assembly, Type[]> s_known = new();

    public static bool IsEvent(Type type) => type is { IsAbstract: false, IsInterface: false, IsGenericTypeDefinition: false } && IsNamed(type);

    /// <summary>Whether the type has a stable name; an abstract one may, though it is never stored itself.</summary>
    public static bool IsNamed(Type type) => type.IsDefined(typeof(EventTypeAttribute), inherit: false);

    /// <summary>The event types of an assembly, private ones left out.</summary>
    public static IEnumerable<Type> In(Assembly assembly) => Types(assembly).Where(IsVisible);

    /// <summary>The event types that derive from a type and stand in its assembly; none for <see cref="object"/> and what the framework defines.</summary>
    public static IEnumerable<Type> DerivedFrom(Type type) =>
        type.IsSealed || type.Assembly == typeof(object).Assembly ? [] : Types(type.Assembly).Where(t => t != type && type.IsAssignableFrom(t));

    /// <summary>Whether a type can be seen in its whole assembly: public or internal, and so are the types that it is nested in.</summary>
    public static bool IsVisible(Type type) =>
        type.DeclaringType is not { } outer
            ? !type.Name.StartsWith('<')
            : (type.IsNestedPublic || type.IsNestedAssembly || type.IsNestedFamORAssem) && IsVisible(outer);

    private static Type[] Types(Assembly assembly) => s_known.GetOrAdd(assembly, static a => [.. a.GetTypes().Where(IsEvent)]);
}
