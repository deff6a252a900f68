using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Daybook.Postgres.Schema;

/// <summary>Finds the types that a class's code mentions, from its IL: patterns, casts, calls, type arguments.</summary>
internal static class CodeReferences
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_opcodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>The types mentioned, including in closures and iterators of the class. Empty where code has no IL at run time.</summary>
    internal static IReadOnlySet<Type> TypesOf(Type type)
    {
        var found = new HashSet<Type>();
        Visit(type, found);
        return found;
    }

    private static void Visit(Type type, HashSet<Type> found)
    {
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            if (method.GetMethodBody()?.GetILAsByteArray() is { } il)
                Scan(il, method, found);
        }
        foreach (var nested in type.GetNestedTypes(Declared))
            Visit(nested, found);
    }

    // ECMA-335 III.1.9: an opcode of one byte, or of two when the first is FE, and then its operand.
    private static void Scan(byte[] il, MethodBase method, HashSet<Type> found)
    {
        for (var at = 0; at < il.Length;)
        {
            var value = il[at] == 0xFE ? unchecked((short)(0xFE00 | il[at + 1])) : il[at];
            var opcode = s_opcodes[value];
            at += opcode.Size;
            if (opcode.OperandType is OperandType.InlineType or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
                Add(Resolve(method, BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at))), found);
            at += SizeOf(opcode.OperandType, il, at);
        }
    }

    private static int SizeOf(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at))),
        _ => 4,
    };

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : null);
    }

    private static void Add(MemberInfo? member, HashSet<Type> found)
    {
        if (member is Type type)
        {
            if (!found.Add(type))
                return;
            foreach (var argument in type.IsGenericType ? type.GetGenericArguments() : [])
                Add(argument, found);
            return;
        }
        Add(member?.DeclaringType, found);
        foreach (var argument in member is MethodInfo { IsGenericMethod: true } method ? method.GetGenericArguments() : [])
            Add(argument, found);
    }
}
