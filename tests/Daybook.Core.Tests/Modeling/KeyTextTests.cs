using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Daybook.Core.Modeling;

namespace Daybook.Core.Tests.Modeling;

/// <summary>Equal keys have one text, different keys have different ones, and texts that name the streams of books that exist stay as they are.</summary>
public sealed class KeyTextTests
{
    private static readonly DateTimeOffset s_moment = new(2026, 3, 1, 10, 20, 5, TimeSpan.Zero);

    private enum Room
    {
        Red = 1,
        Blue = 2,
        Crimson = Red,
    }

    [Flags]
    private enum Days
    {
        Monday = 1,
        Tuesday = 2,
    }

    public static TheoryData<object, string> Texts => new()
    {
        { "a/b", "a/b" }, { " a ", " a " }, { "café", "café" },
        { new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"), "0f8fad5b-d9cb-469f-a165-70867728950e" },
        { 5, "5" }, { -5L, "-5" }, { ulong.MaxValue, "18446744073709551615" }, { Int128.MinValue, "-170141183460469231731687303715884105728" },
        { BigInteger.Pow(10, 60) + 1, "1" + new string('0', 59) + "1" },
        { 1.5m, "1.5" }, { 1.50m, "1.5" }, { 100m, "100" }, { -0.00m, "0" }, { 0.0000000000000000000000000001m, "0.0000000000000000000000000001" },
        { 0.1, "0.1" }, { -0.0, "0" }, { 0f, "0" }, { (Half)1.5, "1.5" }, { double.NaN, "NaN" },
        { 'c', "c" }, { new Rune('é'), "é" }, { true, "true" }, { false, "false" },
        { Room.Blue, "Blue" }, { (Room)7, "7" }, { Days.Monday | Days.Tuesday, "Monday, Tuesday" },
        { new DateOnly(2026, 1, 2), "01/02/2026" }, { TimeSpan.FromTicks(1), "00:00:00.0000001" }, { new Version(1, 2), "1.2" },
        { new TimeOnly(10, 20), "10:20" }, { new TimeOnly(10, 20, 5), "10:20:05" }, { new TimeOnly(10, 20, 5, 100), "10:20:05.1000000" },
        { s_moment.UtcDateTime, "03/01/2026 10:20:05" }, { s_moment.UtcDateTime.AddTicks(1), "03/01/2026 10:20:05.0000001" },
        { DateTime.SpecifyKind(s_moment.UtcDateTime, DateTimeKind.Unspecified), "03/01/2026 10:20:05" }, { s_moment.LocalDateTime, "03/01/2026 10:20:05" },
        { s_moment, "03/01/2026 10:20:05 +00:00" }, { s_moment.ToOffset(TimeSpan.FromHours(2)), "03/01/2026 10:20:05 +00:00" },
        { s_moment.AddMilliseconds(100), "03/01/2026 10:20:05.1000000 +00:00" },
        { new Wrapped(s_moment.UtcDateTime.AddTicks(1)), "03/01/2026 10:20:05.0000001" }, { new Outer(new Inner("x")), "x" },
        { new Handmade("y"), "y" }, { new StreamId("a/b"), "a/b" }, { new Complex(1, 2), "<1; 2>" },
        { new Complex(-0.0, 0), "<0; 0>" }, { new Complex(1, -0.0), "<1; 0>" }, { (NFloat)(-0.0), "0" }, { (NFloat)1.5, "1.5" },
    };

    public static TheoryData<object, object> Different => new()
    {
        { new TimeOnly(10, 20, 5), new TimeOnly(10, 20, 45) }, { s_moment.AddMilliseconds(1), s_moment.AddMilliseconds(2) },
        { 0.1, Math.BitIncrement(0.1) }, { 0.1f, MathF.BitIncrement(0.1f) }, { 1e20m, 1e20m + 0.00000001m }, { "I", "i" }, { "caf\u00e9", "cafe\u0301" },
        { "a/b", "a/b/" }, { Room.Red, Room.Blue }, { TimeSpan.FromTicks(1), TimeSpan.FromTicks(2) }, { new DateOnly(2026, 1, 2), new DateOnly(2026, 2, 1) },
        { new Wrapped(s_moment.UtcDateTime), new Wrapped(s_moment.UtcDateTime.AddMilliseconds(800)) },
    };

    public static TheoryData<Type> Unusable =>
    [
        typeof(object), typeof(IComparable), typeof(Enum), typeof(Two), typeof((string, string)), typeof(Uri), typeof(byte[]), typeof(List<int>), typeof(Hidden),
        typeof(Computed), typeof(Lossy), typeof(Node), typeof(Nothing), typeof(KeyValuePair<int, int>), typeof(FormattableString), typeof(Type),
        typeof(IgnoringCase), typeof(IgnoringCase?), typeof(OneOf<string>), typeof(Cut), typeof(Inside),
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Key_has_the_text_that_names_its_stream_in_every_culture(object key, string text)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            Assert.Equal(text, KeyText.Of(key));
            CultureInfo.CurrentCulture = Foreign();
            Assert.Equal(text, KeyText.Of(key));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [MemberData(nameof(Different))]
    public void Different_keys_have_different_texts(object one, object other) => Assert.NotEqual(KeyText.Of(one), KeyText.Of(other));

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Type_without_one_exact_text_is_refused_by_name(Type type)
    {
        var make = typeof(KeyText).GetMethod(nameof(KeyText.For))!.MakeGenericMethod(type);
        var refused = Assert.Throws<DaybookException>(() => make.Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, null, [0], null));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains("cannot be the key of an aggregate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_of_a_key_with_an_Equals_or_getter_of_its_own_states_what_to_do()
    {
        var equals = Assert.Throws<DaybookException>(() => KeyText.Of(new IgnoringCase("a"))).Message;
        Assert.Contains("has an Equals of its own", equals, StringComparison.Ordinal);
        var getter = Assert.Throws<DaybookException>(() => KeyText.Of(new Cut("abcd"))).Message;
        Assert.Contains("'Value' computes", getter, StringComparison.Ordinal);
        Assert.All([equals, getter], message => Assert.Contains("Implement IFormattable and IParsable", message, StringComparison.Ordinal));
    }

    [Fact]
    public void Key_of_a_derived_type_is_refused_where_the_command_declares_the_base() =>
        Assert.Contains(nameof(Derived), Assert.Throws<DaybookException>(() => KeyText.For<Inner>()(new Derived("x"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Formattable_key_whose_text_does_not_give_it_back_is_refused() =>
        Assert.Contains("does not parse", Assert.Throws<DaybookException>(() => KeyText.Of(new Rounded(1.26))).Message, StringComparison.Ordinal);

    [Fact]
    public void Null_inside_a_key_is_refused_by_property() =>
        Assert.Contains("Handmade.Value", Assert.Throws<DaybookException>(() => KeyText.Of(default(Handmade))).Message, StringComparison.Ordinal);

    /// <summary>Everything that a culture can write in another way, also where the machine knows the invariant one only.</summary>
    private static CultureInfo Foreign()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NegativeSign, culture.NumberFormat.NumberDecimalSeparator) = ("\u2212", ",");
        (culture.DateTimeFormat.DateSeparator, culture.DateTimeFormat.TimeSeparator, culture.DateTimeFormat.ShortDatePattern) = (".", "h", "d.M.yyyy");
        return culture;
    }

    public readonly record struct Wrapped(DateTime Value);

    public record Inner(string Value);

    public sealed record Derived(string Value) : Inner(Value);

    public sealed record Outer(Inner Inner);

    public sealed record Two(string A, string B);

    public sealed class Node(Node? next)
    {
        public Node? Next { get; } = next;
    }

    public sealed record Hidden(string Value)
    {
        private readonly int _more = Environment.ProcessId;

        public int More() => _more;
    }

    public sealed record Nothing;

    public readonly record struct Rounded(double Value) : IFormattable, IParsable<Rounded>
    {
        public static Rounded Parse(string s, IFormatProvider? provider) => new(double.Parse(s, provider));

        public static bool TryParse(string? s, IFormatProvider? provider, out Rounded result) => (result = Parse(s!, provider)) is var _;

        public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString("F1", formatProvider);
    }

    public readonly record struct Lossy(DateTime Value) : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString(format, formatProvider);
    }

    public readonly struct Handmade(string value)
    {
        private readonly string _value = value;

        public string Value => _value;
    }

    public readonly record struct IgnoringCase(string Value)
    {
        public bool Equals(IgnoringCase other) => string.Equals(Value, other.Value, StringComparison.OrdinalIgnoreCase);

        public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Value);
    }

    public sealed record Inside(IgnoringCase Value);

    public sealed class OneOf<T>(T value) : IEquatable<OneOf<T>>
    {
        public T Value { get; } = value;

        bool IEquatable<OneOf<T>>.Equals(OneOf<T>? other) => other is not null;

        public override bool Equals(object? obj) => obj is OneOf<T>;

        public override int GetHashCode() => 0;
    }

    public readonly record struct Cut
    {
        private readonly string _full;

        public Cut(string full) => _full = full;

        public string Value => _full[..3];
    }

    public readonly struct Computed(DateTime value)
    {
        private readonly DateTime _value = value;

        public string Value => _value.ToString("d", CultureInfo.InvariantCulture);
    }
}
