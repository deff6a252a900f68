using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Daybook.Core.Hashing;

/// <summary>Finds the field that a property is nothing but the value of. Where the code cannot be read, only properties that the compiler wrote have one.</summary>
internal static class PlainGetter
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private const int LengthOfCode = 7;

    /// <summary>The field that the getter returns unchanged; null when it does anything else.</summary>
    public static FieldInfo? FieldOf(PropertyInfo property)
    {
        if (property.GetMethod is not { DeclaringType: { } type } getter)
            return null;
        if (getter.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            return type.GetField($"<{property.Name}>k__BackingField", Declared);
        var code = getter.GetMethodBody()?.GetILAsByteArray() ?? [];
        var start = code is [0x00, ..] ? 1 : 0; // a debug build begins a block with nop
        if (code.Length < start + LengthOfCode || code[start] != OpCodes.Ldarg_0.Value || code[start + 1] != OpCodes.Ldfld.Value)
            return null;
        if (!IsReturn(code.AsSpan(start + LengthOfCode - 1)))
            return null;
        var token = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(start + 2));
        return getter.Module.ResolveField(token, type.IsGenericType ? type.GetGenericArguments() : null, null);
    }

    /// <summary>Return, or the way over a local that a debug build takes.</summary>
    private static bool IsReturn(ReadOnlySpan<byte> code) => code is [0x2A] or [0x0A, 0x2B, 0x00, 0x06, 0x2A];
}
