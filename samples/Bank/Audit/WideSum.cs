using System.Globalization;
using System.Numerics;

namespace Bank.Audit;

/// <summary>A sum of amounts that cannot overflow: the balances of many accounts need not fit in one decimal.</summary>
/// <param name="Units">The sum in units of 10^-28.</param>
internal readonly record struct WideSum(BigInteger Units)
{
    private const int Scale = 28;

    /// <summary>Adds.</summary>
    public static WideSum operator +(WideSum sum, decimal amount)
    {
        var digits = decimal.GetBits(amount);
        var mantissa = new BigInteger((uint)digits[2]) << 64 | new BigInteger((uint)digits[1]) << 32 | (uint)digits[0];
        var units = mantissa * BigInteger.Pow(10, Scale - amount.Scale);
        return new WideSum(sum.Units + (decimal.IsNegative(amount) ? -units : units));
    }

    /// <summary>The exact number, without zeros at its end.</summary>
    public override string ToString()
    {
        var digits = BigInteger.Abs(Units).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        var fraction = digits[^Scale..].TrimEnd('0');
        return $"{(Units.Sign < 0 ? "-" : "")}{digits[..^Scale]}{(fraction.Length == 0 ? "" : ".")}{fraction}";
    }
}
