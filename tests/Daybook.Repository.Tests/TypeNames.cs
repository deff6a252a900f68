namespace Daybook.Repository.Tests;

/// <summary>Names of types as people write them, in full for ours and short for those of .NET.</summary>
internal static class TypeNames
{
    internal static string Of(Type type)
    {
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsByRef)
            return "ref " + Of(type.GetElementType()!);
        if (type.IsArray)
            return Of(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Of(value) + "?";
        var name = type.Name.Split('`')[0];
        var arguments = type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).ToArray();
        var prefix = type.DeclaringType is { } outer ? Of(outer) + "." : IsOurs(type) ? type.Namespace + "." : "";
        return prefix + name + Arguments(arguments);
    }

    internal static string Arguments(Type[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Of))}>";

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("Daybook", StringComparison.Ordinal) == true;
}
