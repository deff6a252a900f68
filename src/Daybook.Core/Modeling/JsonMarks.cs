using System.Collections.ObjectModel;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Daybook.Core.Modeling;

/// <summary>The attributes that change how JSON writes a member or type, such as its converter, as a text; empty when there is
/// none.</summary>
internal static class JsonMarks
{
    // These change no value that is read back, or the shape of a state shows them in another way.
    private static readonly HashSet<Type> s_neutral =
    [
        typeof(JsonIncludeAttribute), typeof(JsonPropertyNameAttribute), typeof(JsonDerivedTypeAttribute), typeof(JsonConstructorAttribute),
        typeof(JsonPropertyOrderAttribute), typeof(JsonRequiredAttribute),
    ];

    public static string Of(MemberInfo member) =>
        string.Concat(member.GetCustomAttributesData().Where(Counts).Select(Describe).Order(StringComparer.Ordinal));

    private static bool Counts(CustomAttributeData attribute) =>
        (attribute.AttributeType.IsAssignableTo(typeof(JsonAttribute)) && !s_neutral.Contains(attribute.AttributeType))
        || attribute.AttributeType == typeof(JsonStringEnumMemberNameAttribute);

    private static string Describe(CustomAttributeData attribute)
    {
        var arguments = attribute.ConstructorArguments.Select(Value)
            .Concat(attribute.NamedArguments.OrderBy(a => a.MemberName, StringComparer.Ordinal).Select(a => $"{a.MemberName}={Value(a.TypedValue)}"));
        return $"@{attribute.AttributeType}({string.Join(',', arguments)})";
    }

    /// <summary>A type by its name alone, since the version of its assembly is no part of a shape.</summary>
    private static string Value(CustomAttributeTypedArgument argument) => argument.Value is ReadOnlyCollection<CustomAttributeTypedArgument> items
        ? string.Join(';', items.Select(Value))
        : $"{argument.Value}";
}
