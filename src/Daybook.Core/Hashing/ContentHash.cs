using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Daybook.Core.Hashing;

/// <summary>
/// Hashes what an object holds: its public fields and its public properties that hold a value, by name, and so through what they hold. What
/// is null, zero or empty counts for nothing, so a member that is added later changes no hash. A type without such members is hashed by its
/// text and JSON form. Members of kinds that have no lasting content (delegates, tasks, streams) are left out. Compiled once for each type.
/// </summary>
internal static class ContentHash
{
    private const int MaxDepth = 16;
    private const int MaxLazy = 100_000;
    private static readonly ConcurrentDictionary<Type, Func<object, int, ulong>> s_boxed = new();

    /// <summary>By the type that a value has when the program runs.</summary>
    private static ulong OfAny(object? value, int depth) => value is null || depth > MaxDepth ? 0
        : s_boxed.GetOrAdd(value.GetType(), static type => (Func<object, int, ulong>)Make(nameof(Boxed), type))(value, depth);

    private static Func<object, int, ulong> Boxed<T>()
    {
        var name = HashMix.Text(LazyElementOf<T>() is null ? typeof(T).Name : nameof(IEnumerable));
        return (value, depth) => HashMix.Chain(name, Hasher<T>.Hash((T)value, depth));
    }

    private static object Make(string method, params Type[] types) =>
        typeof(ContentHash).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(types).Invoke(null, null)!;

    private static Func<T, int, ulong> Build<T>()
    {
        var type = typeof(T);
        if (LeafHashes.For<T>() is { } leaf)
            return (value, _) => leaf(value);
        if (type.IsEnum)
            return static (value, _) => HashMix.Mix(Bits(value));
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return (Func<T, int, ulong>)Make(nameof(OfNullable), inner);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            return (Func<T, int, ulong>)Make(nameof(OfPair), type.GenericTypeArguments);
        if (type.IsAssignableTo(typeof(JsonNode)))
            return FormHash.Of<T>();
        if (type.IsArray && type.GetArrayRank() > 1)
            return static (value, depth) => OfGrid((Array?)(object?)value, depth);
        if (ElementOf(type) is { } element)
            return (Func<T, int, ulong>)Make(nameof(OfElements), type, element);
        if (type == typeof(object) || type.IsInterface || type.IsAbstract)
            return static (value, depth) => OfAny(value, depth + 1);
        if (LazyElementOf<T>() is { } lazy)
            return (Func<T, int, ulong>)Make(nameof(OfElements), type, lazy);
        return IsOfRuntime(type) || type.IsAssignableTo(typeof(Delegate)) || HidesContent<T>() ? FormHash.Of<T>() : OfMembers<T>();
    }

    private static bool IsOfRuntime(Type type) =>
        type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && !type.IsAssignableTo(typeof(ITuple));

    /// <summary>Whether what a type holds is in fields that no member shows.</summary>
    private static bool HidesContent<T>() =>
        ContentMembers.Of<T>().Length == 0 && typeof(T).GetFields(BindingFlags.NonPublic | BindingFlags.Instance).Length > 0;

    /// <summary>What a sequence gives that is nothing but a sequence; null for anything else.</summary>
    private static Type? LazyElementOf<T>() =>
        ElementOf(typeof(T)) is null && typeof(T) is { IsInterface: false, IsAbstract: false } type && type != typeof(string)
        && !type.IsAssignableTo(typeof(JsonNode)) && (IsOfRuntime(type) || ContentMembers.Of<T>().Length == 0)
            ? type.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GenericTypeArguments[0]
            : null;

    /// <summary>An array of several dimensions.</summary>
    private static ulong OfGrid(Array? grid, int depth)
    {
        if (grid is null || depth > MaxDepth)
            return 0;
        var hash = 0UL;
        for (var dimension = 0; dimension < grid.Rank; dimension++)
            hash = HashMix.Chain(hash, (ulong)grid.GetLength(dimension));
        foreach (var element in grid)
            hash = HashMix.Chain(hash, OfAny(element, depth + 1));
        return hash;
    }

    private static Func<T, int, ulong> OfMembers<T>()
    {
        var members = ContentMembers.Of<T>();
        return (value, depth) =>
        {
            if (value is null || depth > MaxDepth)
                return 0;
            if (!typeof(T).IsValueType && value.GetType() != typeof(T))
                return OfAny(value, depth + 1);
            var hash = 0UL;
            foreach (var member in members)
                hash += member(value, depth + 1);
            return HashMix.Mix(hash);
        };
    }

    private static Func<T?, int, ulong> OfNullable<T>()
        where T : struct =>
        static (value, depth) => value is { } given ? Hasher<T>.Hash(given, depth) : 0;

    private static Func<KeyValuePair<TKey, TValue>, int, ulong> OfPair<TKey, TValue>() =>
        static (pair, depth) => HashMix.Chain(Hasher<TKey>.Hash(pair.Key, depth + 1), Hasher<TValue>.Hash(pair.Value, depth + 1));

    /// <summary>Sequences in their order; sets and dictionaries in none.</summary>
    private static Func<T, int, ulong> OfElements<T, TElement>()
    {
        var isOrdered = !typeof(T).GetInterfaces().Append(typeof(T)).Any(i => i.IsGenericType
            && (i.GetGenericTypeDefinition() == typeof(IReadOnlySet<>) || i.GetGenericTypeDefinition() == typeof(ISet<>)
                || i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) || i.GetGenericTypeDefinition() == typeof(IDictionary<,>)));
        var isLazy = ElementOf(typeof(T)) is null;
        return (value, depth) =>
        {
            if (value is not IEnumerable<TElement> elements || depth > MaxDepth)
                return 0;
            var hash = 0UL;
            foreach (var element in isLazy ? elements.Take(MaxLazy) : elements)
            {
                var next = HashMix.Chain(1, Hasher<TElement>.Hash(element, depth + 1));
                hash = isOrdered ? HashMix.Chain(hash, next) : hash + HashMix.Mix(next);
            }
            return hash;
        };
    }

    /// <summary>What a collection that is all there holds; null for anything else, lazy sequences included.</summary>
    private static Type? ElementOf(Type type)
    {
        var interfaces = type.GetInterfaces().Append(type).Where(i => i.IsGenericType).ToArray();
        return type.IsAssignableTo(typeof(ICollection)) || interfaces.Any(i => i.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>)
                || i.GetGenericTypeDefinition() == typeof(ICollection<>))
            ? interfaces.FirstOrDefault(i => i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GenericTypeArguments[0]
            : null;
    }

    private static ulong Bits<T>(T value) => Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.As<T, byte>(ref value),
        2 => Unsafe.As<T, ushort>(ref value),
        4 => Unsafe.As<T, uint>(ref value),
        _ => Unsafe.As<T, ulong>(ref value),
    };

    /// <summary>Made when it is first used, so that types may contain themselves.</summary>
    internal static class Hasher<T>
    {
        public static readonly Func<T, int, ulong> Hash = Build<T>();
    }
}
