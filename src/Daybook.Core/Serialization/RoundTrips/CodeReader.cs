using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Daybook.Core.Serialization.RoundTrips;

/// <summary>Reads the few instructions of a constructor that only stores, and of a getter that only returns a field.</summary>
internal sealed class CodeReader(byte[] code, Module module, Type[]? generics)
{
    private int _at;

    /// <summary>The next instruction; null at the end.</summary>
    public Instruction? Next()
    {
        if (_at >= code.Length)
            return null;
        int op = code[_at++];
        if (op == OpCodes.Nop.Value)
            return new(CodeKind.Nothing);
        if (op >= OpCodes.Ldarg_0.Value && op <= OpCodes.Ldarg_3.Value)
            return new(CodeKind.Argument, op - OpCodes.Ldarg_0.Value);
        if (op == OpCodes.Ldarg_S.Value)
            return new(CodeKind.Argument, code[_at++]);
        if (op == OpCodes.Ldnull.Value || (op >= OpCodes.Ldc_I4_M1.Value && op <= OpCodes.Ldc_I4_8.Value))
            return new(CodeKind.Constant);
        if (op == OpCodes.Ldc_I4_S.Value)
            return Constant(1);
        if (op == OpCodes.Ldc_I4.Value || op == OpCodes.Ldc_R4.Value || op == OpCodes.Ldstr.Value)
            return Constant(4);
        if (op == OpCodes.Ldc_I8.Value || op == OpCodes.Ldc_R8.Value)
            return Constant(8);
        if (op == OpCodes.Stfld.Value)
            return new(CodeKind.Store, Member: module.ResolveField(Token(), generics, null));
        if (op == OpCodes.Ldfld.Value)
            return new(CodeKind.Load, Member: module.ResolveField(Token(), generics, null));
        if (op == OpCodes.Call.Value)
            return new(CodeKind.Call, Member: module.ResolveMethod(Token(), generics, null));
        return new(op == OpCodes.Ret.Value ? CodeKind.Return : CodeKind.Other);
    }

    /// <summary>Whether nothing is left but the return of what is on the stack, or the way over a local that a debug build takes.</summary>
    public bool OnlyReturnIsLeft() => code.AsSpan(_at) is [0x2A] or [0x0A, 0x2B, 0x00, 0x06, 0x2A];

    private Instruction Constant(int length)
    {
        _at += length;
        return new(CodeKind.Constant);
    }

    private int Token()
    {
        var token = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(_at));
        _at += 4;
        return token;
    }
}

/// <summary>What an instruction does.</summary>
internal enum CodeKind
{
    Nothing,
    Argument,
    Constant,
    Store,
    Load,
    Call,
    Return,
    Other,
}

/// <summary>An instruction.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Operand">The place of an argument.</param>
/// <param name="Member">The field stored to or loaded, or the method called.</param>
internal readonly record struct Instruction(CodeKind Kind, int Operand = 0, MemberInfo? Member = null);
