using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Daybook.Core.Serialization.RoundTrips;

/// <summary>Which member of an object a field belongs to, and whether JSON brings it back.</summary>
internal sealed class StoredMembers
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private const string Backing = ">k__BackingField";
    private readonly Dictionary<string, JsonPropertyInfo> _restored = new(StringComparer.OrdinalIgnoreCase);

    public StoredMembers(JsonTypeInfo info)
    {
        foreach (var property in info.Properties.Where(p => p.Get is not null && IsRestored(info, p) && !KnownOptions.LeaveOut(info.Options, p)))
            _restored[ClrName(property)] = property;
        foreach (var (name, property) in _restored.ToArray())
            _restored.TryAdd(name.Trim('_'), property); // a field without its prefix may be that of a property with one
    }

    /// <summary>The members that JSON writes and brings back.</summary>
    public IEnumerable<JsonPropertyInfo> Restored => _restored.Values.Distinct();

    /// <summary>The member that a field is read back with; null when there is none.</summary>
    public JsonPropertyInfo? Of(FieldInfo field) => _restored.GetValueOrDefault(NameOf(field));

    /// <summary>Whether a field belongs to a property that another of its name hides.</summary>
    public static bool IsHidden(FieldInfo field, JsonPropertyInfo member) =>
        PropertyOf(field) is { GetMethod: { } getter } && member.AttributeProvider is PropertyInfo { GetMethod: { } stored }
        && getter.GetBaseDefinition() != stored.GetBaseDefinition();

    /// <summary>All fields of a type and its bases.</summary>
    public static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (var t = type; t is not null && t != typeof(object) && t != typeof(ValueType); t = t.BaseType)
        {
            foreach (var field in t.GetFields(Declared))
                yield return field;
        }
    }

    /// <summary>The name that a field's value has in the source: that of its property or parameter, or its own without a prefix.</summary>
    public static string NameOf(FieldInfo field)
    {
        var name = field.Name;
        if (name.StartsWith('<'))
            return name[1..name.IndexOf('>', StringComparison.Ordinal)];
        return name.StartsWith("m_", StringComparison.Ordinal) ? name[2..] : name.Trim('_', '@');
    }

    /// <summary>The property that a field was made for by the compiler; null for other fields.</summary>
    public static PropertyInfo? PropertyOf(FieldInfo field) =>
        field.Name.EndsWith(Backing, StringComparison.Ordinal) ? field.DeclaringType!.GetProperty(NameOf(field), Declared) : null;

    /// <summary>Whether a field is left out on purpose: it is derived from others, or is to be forgotten.</summary>
    public static bool IsLeftOutOnPurpose(FieldInfo field) =>
        IsIgnored(field) || (PropertyOf(field) is { } property && IsIgnored(property));

    /// <summary>Whether the property is nothing but its field: read, and if at all written, by code of the compiler.</summary>
    public static bool IsPlain(PropertyInfo property) =>
        IsOfCompiler(property.GetMethod) && (property.SetMethod is null || IsOfCompiler(property.SetMethod));

    private static bool IsOfCompiler(MethodInfo? accessor) => accessor?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) == true;

    private static bool IsIgnored(MemberInfo member) =>
        member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always or JsonIgnoreCondition.WhenWriting };

    private static bool IsRestored(JsonTypeInfo info, JsonPropertyInfo property) =>
        property.Set is not null || property.AssociatedParameter is not null || property.IsExtensionData
        || (property.ObjectCreationHandling ?? info.PreferredPropertyObjectCreationHandling) == JsonObjectCreationHandling.Populate;

    private static string ClrName(JsonPropertyInfo property) => (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;
}
