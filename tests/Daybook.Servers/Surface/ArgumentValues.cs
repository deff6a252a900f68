using System.Linq.Expressions;
using System.Reflection;

namespace Daybook.Servers.Surface;

/// <summary>Values for arguments by their type: one that is harmless, then null, default and extreme ones.</summary>
public sealed class ArgumentValues
{
    private static readonly string s_large = new('x', 1024 * 1024);

    /// <summary>Texts that no program expects, for a harmless one to stand before.</summary>
    public static IReadOnlyList<string?> OddTexts { get; } = [null, "", s_large, "\ud800", "\0"];

    /// <summary>What stands for type parameters; the first that fits.</summary>
    public IReadOnlyList<Type> TypeArguments { get; init; } = [typeof(int)];

    /// <summary>Values for a parameter that needs other ones than its type, harmless first; null for those of its type.</summary>
    public Func<ParameterInfo, IReadOnlyList<object?>?> OfParameter { get; init; } = _ => null;

    /// <summary>An instance of a type that none of its constructors makes; null for others.</summary>
    public Func<Type, object?> OfType { get; init; } = _ => null;

    /// <summary>Values for a parameter; the first is harmless.</summary>
    public IReadOnlyList<object?> Of(ParameterInfo parameter) => OfParameter(parameter) ?? Of(parameter.ParameterType);

    /// <summary>An instance made in the simplest way; null when there is none.</summary>
    public object? Instance(Type type)
    {
        if (OfType(type) is { } given)
            return given;
        var usable = type.GetConstructors()
            .Where(c => !type.IsAbstract && c.GetParameters().All(p => !p.ParameterType.IsByRefLike && !p.ParameterType.IsPointer));
        foreach (var constructor in usable.OrderBy(c => c.GetParameters().Length))
        {
            try
            {
                return constructor.Invoke([.. constructor.GetParameters().Select(p => p.ParameterType == type ? null : Of(p)[0])]);
            }
            catch (TargetInvocationException)
            {
            }
        }
        return null;
    }

    /// <summary>Puts types in the place of type parameters; null when none fits.</summary>
    public T? Close<T>(Type[] parameters, Func<Type[], T> close)
        where T : class
    {
        foreach (var candidate in TypeArguments)
        {
            try
            {
                return close(Array.ConvertAll(parameters, _ => candidate));
            }
            catch (ArgumentException)
            {
            }
        }
        return null;
    }

    private IReadOnlyList<object?> Of(Type type)
    {
        if (type == typeof(string))
            return ["a", .. OddTexts];
        if (type == typeof(CancellationToken))
            return [CancellationToken.None];
        if (type == typeof(object))
            return ["a", null, s_large, 1.5, new object()];
        if (type == typeof(Type))
            return [TypeArguments[0], null, typeof(object), typeof(List<>)];
        if (type == typeof(bool))
            return [true, false];
        if (type.IsEnum)
            return [Enum.GetValues(type).GetValue(0), Enum.ToObject(type, int.MaxValue)];
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return [.. Of(inner), null];
        if (type.IsPrimitive || type == typeof(decimal))
            return [.. Small(type), Extreme(type, "MinValue"), Extreme(type, "MaxValue")];
        if (type.IsValueType)
            return [Instance(type) ?? Activator.CreateInstance(type), Activator.CreateInstance(type), .. Extremes(type)];
        if (type.IsArray)
            return [Array.CreateInstance(type.GetElementType()!, 0), null, Array.CreateInstance(type.GetElementType()!, 1)];
        if (typeof(Delegate).IsAssignableFrom(type))
            return [DelegateOf(type), null];
        return [Instance(type), null];
    }

    private static IEnumerable<object> Small(Type type) =>
        new[] { 1, 0, -1 }.Where(n => n >= 0 || IsSigned(type)).Select(n => Convert.ChangeType(n, type, null));

    private static bool IsSigned(Type type) => type != typeof(byte) && type != typeof(char) && !type.Name.StartsWith("UI", StringComparison.Ordinal);

    private static object? Extreme(Type type, string name) => type.GetField(name)?.GetValue(null) ?? Activator.CreateInstance(type);

    private IEnumerable<object?> Extremes(Type type)
    {
        var constructor = type.GetConstructors().FirstOrDefault(c => c.GetParameters() is [{ ParameterType: { IsPrimitive: true } or { IsValueType: true } }]);
        if (constructor is null || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true)
            yield break;
        foreach (var value in Of(constructor.GetParameters()[0].ParameterType).Skip(1))
            yield return constructor.Invoke([value]);
    }

    private static Delegate DelegateOf(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        var parameters = invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType)).ToArray();
        return Expression.Lambda(type, Expression.Default(invoke.ReturnType), parameters).Compile();
    }
}
