using System.Globalization;
using System.Numerics;

namespace Daybook.Postgres.Tables;

/// <summary>A decimal number with more digits than <see cref="decimal"/> holds. Sums can have them, and a numeric column keeps
/// them.</summary>
/// <param name="Unscaled">All digits.</param>
/// <param name="Scale">How many of them follow the decimal point.</param>
internal readonly record struct ExactDecimal(BigInteger Unscaled, int Scale) : IComparable<ExactDecimal>
{
    private static readonly BigInteger s_mantissas = BigInteger.One << 96;

    /// <summary>The exact sum: a <see cref="decimal"/> where that can hold it.</summary>
    /// <exception cref="OverflowException">It is beyond the range of <see cref="decimal"/>.</exception>
    internal static object Sum(object x, object y)
    {
        if (x is decimal a && y is decimal b && TryAdd(a, b, out var quick))
            return quick;
        var (left, right) = (Of(x), Of(y));
        var scale = Math.Max(left.Scale, right.Scale);
        var sum = new ExactDecimal(left.UnscaledAt(scale) + right.UnscaledAt(scale), scale);
        if (sum.IsBeyond(decimal.MaxValue))
            throw new OverflowException($"the sum {sum} is beyond the range of a decimal");
        return sum.AsDecimal() is { } small ? small : sum;
    }

    internal static ExactDecimal Of(object number)
    {
        if (number is ExactDecimal exact)
            return exact;
        var value = (decimal)number;
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return new ExactDecimal(value < 0 ? -digits : digits, value.Scale);
    }

    internal bool IsBeyond(decimal limit) => BigInteger.Abs(Unscaled) > (BigInteger)limit * BigInteger.Pow(10, Scale);

    /// <inheritdoc/>
    public int CompareTo(ExactDecimal other)
    {
        var scale = Math.Max(Scale, other.Scale);
        return UnscaledAt(scale).CompareTo(other.UnscaledAt(scale));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        var point = Scale == 0 ? "" : ".";
        return $"{(Unscaled.Sign < 0 ? "-" : "")}{digits[..^Scale]}{point}{digits[^Scale..]}";
    }

    private BigInteger UnscaledAt(int scale) => Unscaled * BigInteger.Pow(10, scale - Scale);

    private decimal? AsDecimal()
    {
        var digits = BigInteger.Abs(Unscaled);
        if (digits >= s_mantissas || Scale > 28)
            return null;
        var (low, middle, high) = ((int)(uint)(digits & uint.MaxValue), (int)(uint)((digits >> 32) & uint.MaxValue), (int)(uint)(digits >> 64));
        return new decimal(low, middle, high, Unscaled.Sign < 0, (byte)Scale);
    }

    // A sum that did not fit has fewer decimal places than its addends.
    private static bool TryAdd(decimal x, decimal y, out decimal sum)
    {
        sum = 0;
        if (decimal.Abs(x) > decimal.MaxValue / 2 || decimal.Abs(y) > decimal.MaxValue / 2)
            return false;
        sum = x + y;
        return sum.Scale == Math.Max(x.Scale, y.Scale);
    }
}
