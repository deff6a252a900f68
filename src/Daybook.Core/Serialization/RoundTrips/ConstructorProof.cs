using System.Reflection;

namespace Daybook.Core.Serialization.RoundTrips;

/// <summary>
/// Proves that a constructor does nothing but store its parameters, as that of a positional record does: it is read instruction by
/// instruction, and anything else ends the proof. Where the code cannot be read, nothing is proved.
/// </summary>
internal static class ConstructorProof
{
    private const int This = 0;
    private const int Constant = -1;

    /// <summary>Whether the constructor only stores.</summary>
    public static bool IsPlain(ConstructorInfo constructor) => Read(constructor) is not null;

    /// <summary>Whether the constructor stores a parameter, unchanged, in a field.</summary>
    public static bool Stores(ConstructorInfo? constructor, int parameter, FieldInfo field) =>
        constructor is not null && Read(constructor) is { } stores && stores.TryGetValue((field.Module, field.MetadataToken), out var value) && value == parameter + 1;

    /// <summary>What each field gets: a parameter by its place from 1, or a constant; null when the code does more than that.</summary>
    private static Dictionary<(Module, int), int>? Read(ConstructorInfo constructor)
    {
        var stores = new Dictionary<(Module, int), int>();
        var arguments = Enumerable.Range(0, constructor.GetParameters().Length + 1).ToArray();
        return Run(constructor, arguments, stores) ? stores : null;
    }

    private static bool Run(ConstructorInfo constructor, int[] arguments, Dictionary<(Module, int), int> stores)
    {
        if (constructor.DeclaringType == typeof(object))
            return true;
        if (constructor.GetMethodBody()?.GetILAsByteArray() is not { } code)
            return false;
        var generics = constructor.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var reader = new CodeReader(code, constructor.Module, generics);
        var stack = new Stack<int>();
        while (reader.Next() is { } instruction)
        {
            switch (instruction.Kind)
            {
                case CodeKind.Nothing:
                    break;
                case CodeKind.Argument when instruction.Operand < arguments.Length:
                    stack.Push(arguments[instruction.Operand]);
                    break;
                case CodeKind.Constant:
                    stack.Push(Constant);
                    break;
                case CodeKind.Store when stack.Count == 2 && instruction.Member is FieldInfo field:
                    stores[(field.Module, field.MetadataToken)] = stack.Pop();
                    if (stack.Pop() != This)
                        return false;
                    break;
                case CodeKind.Call when instruction.Member is ConstructorInfo called && stack.Count == called.GetParameters().Length + 1:
                    var passed = stack.Reverse().ToArray();
                    stack.Clear();
                    if (passed[0] != This || !Run(called, passed, stores))
                        return false;
                    break;
                case CodeKind.Return:
                    return true;
                default:
                    return false;
            }
        }
        return false;
    }
}
