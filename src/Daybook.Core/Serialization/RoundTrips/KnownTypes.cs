using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Daybook.Core.Serialization.RoundTrips;

/// <summary>The types of the framework whose round trip is known.</summary>
internal static class KnownTypes
{
    // Not here: DateTime (its local kind depends on the machine), byte[] and what else can be changed, object and JsonElement.
    private static readonly FrozenSet<Type> s_values = new[]
    {
        typeof(string), typeof(bool), typeof(char), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint),
        typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128), typeof(Half), typeof(float), typeof(double), typeof(decimal),
        typeof(Guid), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Version),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> s_lists =
        new[] { typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableQueue<>) }.ToFrozenSet();

    private static readonly FrozenSet<Type> s_reversed = new[]
    {
        typeof(Stack<>), typeof(ConcurrentStack<>), typeof(ConcurrentBag<>), typeof(ImmutableStack<>), typeof(IImmutableStack<>),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> s_keys =
        s_values.Concat([typeof(DateTime), typeof(Uri)]).ToFrozenSet();

    /// <summary>Whether values are equal to what is read back, and cannot be changed.</summary>
    public static bool IsIdentity(Type type) => type.IsEnum || s_values.Contains(type);

    /// <summary>Whether 0 and -0 are two values that programs can distinguish.</summary>
    public static bool HasSignedZero(Type type) => type == typeof(double) || type == typeof(float) || type == typeof(Half);

    /// <summary>Whether lists keep elements and order, and cannot be changed.</summary>
    public static bool IsImmutableList(Type type) => type.IsGenericType && s_lists.Contains(type.GetGenericTypeDefinition());

    /// <summary>Whether the elements come back in the opposite order.</summary>
    public static bool IsReversed(Type type) =>
        type == typeof(System.Collections.Stack) || (type.IsGenericType && s_reversed.Contains(type.GetGenericTypeDefinition()));

    /// <summary>Whether the built-in converter can write values as the names of a JSON object.</summary>
    public static bool CanBeKey(Type type) => type.IsEnum || s_keys.Contains(type);

    /// <summary>Whether a type comes with the framework.</summary>
    public static bool IsOfFramework(Type type) =>
        type.Namespace is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));
}
