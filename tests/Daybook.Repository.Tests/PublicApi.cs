using System.Reflection;
using System.Runtime.CompilerServices;

namespace Daybook.Repository.Tests;

/// <summary>Prints what an assembly offers, a line for each type and member.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] OfRecords =
    [
        "Equals", "GetHashCode", "ToString", "Deconstruct", "PrintMembers", "<Clone>$", "op_Equality", "op_Inequality",
    ];

    internal static string[] Print(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes().OrderBy(t => TypeNames.Of(t), StringComparer.Ordinal).SelectMany(PrintType),
    ];

    private static IEnumerable<string> PrintType(Type type)
    {
        var name = TypeNames.Of(type);
        yield return $"{Kind(type)} {name}{Bases(type)}";
        if (type.IsSubclassOf(typeof(Delegate)))
            yield break;
        foreach (var member in type.GetMembers(Declared).Select(Print).OfType<string>().Distinct().Order(StringComparer.Ordinal))
            yield return $"  {name}.{member}";
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Bases(Type type)
    {
        if (type.IsEnum)
            return "";
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = type.GetInterfaces().Except(inherited)
            .Where(i => !i.Name.StartsWith("IEquatable", StringComparison.Ordinal))
            .Select(TypeNames.Of).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            bases.Insert(0, TypeNames.Of(parent));
        return bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static string? Print(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when Visible(constructor) => $"new({Parameters(constructor)})",
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily => $"{field.Name} : {TypeNames.Of(field.FieldType)}{Constant(field)}",
        PropertyInfo property when Accessors(property) is { Length: > 0 } accessors =>
            $"{property.Name}{Index(property)} : {TypeNames.Of(property.PropertyType)} {{ {accessors} }}",
        EventInfo { AddMethod: { } add } happening when Visible(add) => $"event {happening.Name} : {TypeNames.Of(happening.EventHandlerType!)}",
        MethodInfo method when Visible(method) && !Generated(method) =>
            $"{method.Name}{TypeNames.Arguments(method.GetGenericArguments())}({Parameters(method)}) : {TypeNames.Of(method.ReturnType)}",
        _ => null,
    };

    private static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool Generated(MethodInfo method) =>
        (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        || method.IsDefined(typeof(CompilerGeneratedAttribute))
        || (OfRecords.Contains(method.Name) && (method.GetBaseDefinition() != method || method.Name.StartsWith("op_", StringComparison.Ordinal)));

    private static string Accessors(PropertyInfo property)
    {
        var set = property.SetMethod is { } setter && Visible(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init" : "set"
            : null;
        var get = property.GetMethod is { } getter && Visible(getter) && property.Name != "EqualityContract" ? "get" : null;
        return string.Join(' ', new[] { get, set }.OfType<string>());
    }

    private static string Index(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } index ? $"[{string.Join(", ", index.Select(p => TypeNames.Of(p.ParameterType)))}]" : "";

    private static string Constant(FieldInfo field) =>
        field.IsLiteral ? " = " + Convert.ToString(field.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture) : "";

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(p => $"{TypeNames.Of(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? "?" : "")}"));
}
