using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Daybook.Core.Modeling;

/// <summary>The texts of single values: exact, free of culture, and one for values that are equal. They name streams, so they never change.</summary>
internal static class KeyFormats
{
    private static readonly MethodInfo s_plain = typeof(KeyFormats).GetMethod(nameof(Plain), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo s_checked = typeof(KeyFormats).GetMethod(nameof(Checked), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly Dictionary<Type, Delegate> s_formats = new Delegate[]
    {
        Format<string>(text => text), Format<bool>(value => value ? "true" : "false"),
        Plain<char>(), Plain<Rune>(), Plain<Guid>(), Plain<Version>(), Plain<DateOnly>(), Plain<TimeSpan>(),
        Plain<sbyte>(), Plain<byte>(), Plain<short>(), Plain<ushort>(), Plain<int>(), Plain<uint>(), Plain<long>(), Plain<ulong>(),
        Plain<Int128>(), Plain<UInt128>(), Plain<nint>(), Plain<nuint>(), Plain<BigInteger>(),
        Number<double>(), Number<float>(), Number<Half>(), Number<NFloat>(), Format<Complex>(Of), Format<StreamId>(value => value.Value),
        Format<decimal>(Of), Format<TimeOnly>(Of), Format<DateTime>(Of), Format<DateTimeOffset>(value => Of(value.UtcDateTime) + " +00:00"),
    }.ToDictionary(format => format.GetType().GenericTypeArguments[0]);

    /// <summary>The format of a type; null when it has none.</summary>
    public static Func<TKey, string>? Of<TKey>()
    {
        var type = typeof(TKey);
        if (s_formats.TryGetValue(type, out var format))
            return (Func<TKey, string>)format;
        if (type.IsEnum)
            return (Func<TKey, string>)s_plain.MakeGenericMethod(type).Invoke(null, null)!;
        return type.IsAssignableTo(typeof(IFormattable)) && IsParsable(type)
            ? (Func<TKey, string>)s_checked.MakeGenericMethod(type).Invoke(null, null)!
            : null;
    }

    private static bool IsParsable(Type type) =>
        type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>) && i.GenericTypeArguments[0] == type);

    private static Func<T, string> Format<T>(Func<T, string> format) => format;

    private static Func<T, string> Plain<T>()
        where T : IFormattable =>
        static value => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>For types that others wrote: the text must give back an equal value.</summary>
    private static Func<T, string> Checked<T>()
        where T : IFormattable, IParsable<T> =>
        static value => value.ToString(null, CultureInfo.InvariantCulture) is var text
            && T.TryParse(text, CultureInfo.InvariantCulture, out var back) && Equals(value, back)
                ? text
                : throw new DaybookException(ErrorCode.InvalidArgument,
                    $"The key '{text}' of type '{typeof(T)}' does not parse to an equal value, so its text could name another aggregate's stream.");

    /// <summary>The shortest text that gives back the number; both zeros have one, since they are equal.</summary>
    private static Func<T, string> Number<T>()
        where T : INumberBase<T> =>
        static value => T.IsZero(value) ? "0" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Of(Complex value) =>
        new Complex(WithoutSign(value.Real), WithoutSign(value.Imaginary)).ToString(null, CultureInfo.InvariantCulture);

    private static double WithoutSign(double value) => value == 0 ? 0 : value;

    private static string Of(decimal value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        if (text.Contains('.', StringComparison.Ordinal))
            text = text.TrimEnd('0').TrimEnd('.');
        return text == "-0" ? "0" : text;
    }

    private static string Of(TimeOnly value) => value.ToString(
        value.Ticks % TimeSpan.TicksPerMinute == 0 ? "HH:mm" : value.Ticks % TimeSpan.TicksPerSecond == 0 ? "HH:mm:ss" : "HH:mm:ss.fffffff",
        CultureInfo.InvariantCulture);

    /// <summary>A local time is a moment and is written in UTC; an unspecified one is taken as it stands, like one in UTC with the same ticks.</summary>
    private static string Of(DateTime value)
    {
        var utc = value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value;
        return utc.ToString(
            utc.Ticks % TimeSpan.TicksPerSecond == 0 ? "MM/dd/yyyy HH:mm:ss" : "MM/dd/yyyy HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
    }
}
