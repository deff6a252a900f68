using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Daybook.Core.Serialization.RoundTrips;

namespace Daybook.Core.Modeling;

/// <summary>
/// Turns an aggregate's key into the text that names its stream. Equal keys have the same text and different keys have different ones, on every machine and in
/// every culture. A type for which that does not hold is refused when the book is built.
/// </summary>
internal static class KeyText
{
    private const int MaxNesting = 8;
    private const string OwnText = "Implement IFormattable and IParsable of itself with one text for equal values. Otherwise use";
    private const BindingFlags AllInstance = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private static readonly MethodInfo s_for = typeof(KeyText).GetMethod(nameof(For))!;
    private static readonly MethodInfo s_boxed = typeof(KeyText).GetMethod(nameof(Boxed), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly ConcurrentDictionary<Type, Func<object, string>> s_formatters = new();

    /// <exception cref="DaybookException">The key is null, empty or of a kind that names nothing.</exception>
    public static string Of(object? key) => key switch
    {
        null => throw Bad("The key of an aggregate must not be null."),
        string text => NotEmpty(text),
        _ => s_formatters.GetOrAdd(key.GetType(), static type => (Func<object, string>)Call(s_boxed, type))(key),
    };

    /// <summary>A formatter for keys of a static type that are not null.</summary>
    /// <exception cref="DaybookException">The type has no text that distinguishes all its values.</exception>
    public static Func<TKey, string> For<TKey>(int depth = 0)
    {
        if (Nullable.GetUnderlyingType(typeof(TKey)) is { } given)
        {
            Call(s_for, given, depth); // refuses what no key can be made of
            return static key => Of(key);
        }
        if (KeyFormats.Of<TKey>() is { } format)
            return key => NotEmpty(format(key));
        if (typeof(TKey).IsAssignableTo(typeof(IFormattable)))
            throw Unusable(typeof(TKey), "it does not implement IParsable of itself, so nothing shows that its text holds all of it");
        return Unwrap<TKey>(WholeProperty(typeof(TKey), depth), depth);
    }

    private static Func<object, string> Boxed<TKey>(int depth)
    {
        var text = For<TKey>(depth);
        return key => text((TKey)key);
    }

    private static Func<TKey, string> Unwrap<TKey>(PropertyInfo property, int depth)
    {
        var key = Expression.Parameter(typeof(TKey));
        var inner = Expression.Property(key, property);
        var text = Call(s_for, property.PropertyType, depth + 1);
        var isNull = property.PropertyType.IsValueType ? (Expression)Expression.Constant(false) : Expression.ReferenceEqual(inner, Expression.Constant(null));
        var format = Expression.Condition(isNull, Expression.Constant(null, typeof(string)), Expression.Invoke(Expression.Constant(text), inner));
        var read = Expression.Lambda<Func<TKey, string?>>(format, key).Compile();
        if (typeof(TKey).IsValueType || typeof(TKey).IsSealed)
            return value => read(value) ?? throw NullInside<TKey>(property);
        return value => value!.GetType() == typeof(TKey)
            ? read(value) ?? throw NullInside<TKey>(property)
            : throw Bad($"The key is a '{value.GetType()}' where the command has a '{typeof(TKey)}'; the two could share a text.");
    }

    /// <summary>The only property of a type that has no other state.</summary>
    private static PropertyInfo WholeProperty(Type type, int depth)
    {
        if (depth == MaxNesting || type.IsInterface || type.IsAbstract || type.IsPrimitive || type == typeof(object))
            throw Unusable(type, "its text would not distinguish all values");
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0).ToArray();
        var fields = new List<FieldInfo>();
        for (var declaring = type; declaring is not null; declaring = declaring.BaseType)
            fields.AddRange(declaring.GetFields(AllInstance));
        if (properties.Length != 1 || fields.Count != 1)
            throw Unusable(type, "it has other state than one public property");
        if (PlainGetter.FieldOf(properties[0]) is not { } field || !field.HasSameMetadataDefinitionAs(fields[0]))
            throw Unusable(type, $"its property '{properties[0].Name}' computes a value, so different keys may have one text", OwnText);
        return EqualsOf(type) is { } equals
            ? throw Unusable(type, $"'{equals.DeclaringType}' has an Equals of its own, so equal keys may have two texts", OwnText)
            : properties[0];
    }

    /// <summary>The Equals that a type or a base of it was given in its source; null when the compiler or the runtime compares all
    /// fields.</summary>
    private static MethodInfo? EqualsOf(Type type)
    {
        for (var declaring = type; declaring is not null && declaring != typeof(object) && declaring != typeof(ValueType); declaring = declaring.BaseType)
        {
            if (declaring.GetMethods(AllInstance).FirstOrDefault(IsEquals) is { } equals)
                return equals;
        }
        return null;
    }

    private static bool IsEquals(MethodInfo method) =>
        (method.Name == nameof(Equals) || method.Name.EndsWith("." + nameof(Equals), StringComparison.Ordinal))
        && method.GetParameters().Length == 1 && !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static object Call(MethodInfo generic, Type type, int depth = 0) =>
        generic.MakeGenericMethod(type).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [depth], null)!;

    private static string NotEmpty(string text) => text.Length > 0 ? text : throw Bad("The key of an aggregate must not be empty.");

    private static DaybookException NullInside<TKey>(PropertyInfo property) => Bad($"The key of an aggregate must not be null; '{typeof(TKey).Name}.{property.Name}' is.");

    private static DaybookException Unusable(Type type, string why, string instead = "Use") => Bad(
        $"'{type}' cannot be the key of an aggregate: {why}. {instead} a string, a Guid, a number, an enum, a date or time, or a record with one such property.");

    private static DaybookException Bad(string message) => new(ErrorCode.InvalidArgument, message);
}
