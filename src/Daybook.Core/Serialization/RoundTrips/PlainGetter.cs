using System.Reflection;
using System.Runtime.CompilerServices;

namespace Daybook.Core.Serialization.RoundTrips;

/// <summary>Finds the field that a property is nothing but the value of. Where the code cannot be read, only properties that the compiler
/// wrote have one.</summary>
internal static class PlainGetter
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The field that the getter returns unchanged; null when it does anything else.</summary>
    public static FieldInfo? FieldOf(PropertyInfo property)
    {
        if (property.GetMethod is not { DeclaringType: { } type } getter)
            return null;
        if (getter.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            return type.GetField($"<{property.Name}>k__BackingField", Declared);
        if (getter.GetMethodBody()?.GetILAsByteArray() is not { } code)
            return null;
        var reader = new CodeReader(code, getter.Module, type.IsGenericType ? type.GetGenericArguments() : null);
        return Next(reader) is { Kind: CodeKind.Argument, Operand: 0 } && Next(reader) is { Kind: CodeKind.Load, Member: FieldInfo field } && reader.OnlyReturnIsLeft()
            ? field
            : null;
    }

    private static Instruction? Next(CodeReader reader)
    {
        var next = reader.Next();
        while (next is { Kind: CodeKind.Nothing })
            next = reader.Next();
        return next;
    }
}
