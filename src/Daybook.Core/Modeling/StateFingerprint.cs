using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using Daybook.Core.Serialization.RoundTrips;

namespace Daybook.Core.Modeling;

/// <summary>
/// A number that changes when the shape of a state type changes, so that a snapshot of another shape is passed over and the events are
/// folded instead. It sees the stored members of every type that the state is made of and the JSON attributes on them, in collections and
/// generic arguments too. It sees neither the versions of assemblies nor method bodies: a fold or converter that changes its meaning needs
/// a renamed property or type.
/// </summary>
internal static class StateFingerprint
{
    private const BindingFlags Instance = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
    private static readonly ConcurrentDictionary<Type, long> s_known = new();

    public static long Of(Type state) => s_known.GetOrAdd(state, Compute);

    private static long Compute(Type state)
    {
        var text = new StringBuilder("2:");
        Describe(state, text, []);
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return ((long)Crc32C.Compute(bytes) << 32) | Crc32C.Append(0x9E3779B9, bytes);
    }

    private static void Describe(Type type, StringBuilder text, HashSet<Type> seen)
    {
        if (type.IsArray)
        {
            Describe(type.GetElementType()!, text.Append('['), seen);
            text.Append(']');
            return;
        }
        text.Append(type.IsGenericType ? type.GetGenericTypeDefinition().FullName : type.FullName);
        foreach (var argument in type.GetGenericArguments())
            Describe(argument, text.Append('<'), seen);
        if (!seen.Add(type) || KnownTypes.IsOfFramework(type))
            return;
        text.Append(JsonMarks.Of(type)).Append('{');
        if (type.IsEnum)
            Constants(type, text);
        foreach (var (name, marks, member) in Members(type).OrderBy(m => m.Name, StringComparer.Ordinal))
            Describe(member, text.Append(name).Append(marks).Append(':'), seen);
        foreach (var derived in type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false))
            Describe(derived.DerivedType, text.Append('|').Append(derived.TypeDiscriminator).Append('='), seen);
        text.Append('}');
    }

    private static void Constants(Type type, StringBuilder text)
    {
        foreach (var name in Enum.GetNames(type))
        {
            text.Append(JsonMarks.Of(type.GetField(name)!)).Append(name).Append('=');
            text.Append(Convert.ToDecimal(Enum.Parse(type, name), CultureInfo.InvariantCulture)).Append(';');
        }
    }

    /// <summary>What is stored: a property that is only computed from others is not part of the shape.</summary>
    private static IEnumerable<(string Name, string Marks, Type Type)> Members(Type type)
    {
        var parameters = type.GetConstructors(Instance).SelectMany(c => c.GetParameters()).Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var property in type.GetProperties(Instance).Where(p => p.GetIndexParameters().Length == 0))
        {
            if ((property.GetMethod?.IsPublic == true || IsIncluded(property)) && (property.CanWrite || parameters.Contains(property.Name)))
                yield return (NameOf(property), JsonMarks.Of(property), property.PropertyType);
        }
        foreach (var field in type.GetFields(Instance).Where(IsIncluded))
            yield return (NameOf(field), JsonMarks.Of(field), field.FieldType);
    }

    private static bool IsIncluded(MemberInfo member) => member.IsDefined(typeof(JsonIncludeAttribute), inherit: false);

    private static string NameOf(MemberInfo member) => member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? member.Name;
}
