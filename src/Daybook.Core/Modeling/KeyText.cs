using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace Daybook.Core.Modeling;

/// <summary>
/// Turns an aggregate's key into the text that names its stream: a string, Guid, integer, enum, anything formattable, or a type with a single
/// property of such a kind (<c>record struct AccountId(string Value)</c>).
/// </summary>
internal static class KeyText
{
    private static readonly ConcurrentDictionary<Type, Func<object, string>> s_formatters = new();

    /// <exception cref="DaybookException">The key is null, empty or of a kind that names nothing.</exception>
    public static string Of(object? key) => key switch
    {
        "" => throw new DaybookException(ErrorCode.InvalidArgument, "The key of an aggregate must not be empty."),
        string text => text,
        null => throw new DaybookException(ErrorCode.InvalidArgument, "The key of an aggregate must not be null."),
        _ => s_formatters.GetOrAdd(key.GetType(), Compile)(key),
    };

    /// <summary>A formatter for keys of a static type, without boxing on the way where it matters.</summary>
    public static Func<TKey, string> For<TKey>()
    {
        if (typeof(TKey) == typeof(string))
            return (Func<TKey, string>)(object)(Func<string, string>)(static text => Of(text));
        if (SingleProperty(typeof(TKey)) is { } property && property.PropertyType == typeof(string) && typeof(TKey).IsValueType)
            return Unwrap<TKey>(property);
        return static key => Of(key);
    }

    private static Func<TKey, string> Unwrap<TKey>(PropertyInfo property)
    {
        var key = System.Linq.Expressions.Expression.Parameter(typeof(TKey));
        var read = System.Linq.Expressions.Expression.Lambda<Func<TKey, string?>>(
            System.Linq.Expressions.Expression.Property(key, property), key).Compile();
        return value => Of(read(value));
    }

    private static Func<object, string> Compile(Type type)
    {
        if (typeof(IFormattable).IsAssignableFrom(type))
            return static key => ((IFormattable)key).ToString(null, CultureInfo.InvariantCulture);
        if (SingleProperty(type) is { } property)
            return key => Of(property.GetValue(key));
        throw new DaybookException(ErrorCode.InvalidArgument,
            $"'{type}' cannot be the key of an aggregate; use a string, a Guid, a number, or a record with one such property.");
    }

    private static PropertyInfo? SingleProperty(Type type)
    {
        if (type.IsPrimitive || type == typeof(string) || typeof(IFormattable).IsAssignableFrom(type))
            return null;
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0).ToArray();
        return properties.Length == 1 ? properties[0] : null;
    }
}
