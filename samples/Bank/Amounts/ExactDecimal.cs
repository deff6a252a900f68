using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Bank.Amounts;

/// <summary>Decimal arithmetic that never rounds: a result that does not fit in 28 to 29 digits is refused.</summary>
public static class ExactDecimal
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>Adds; false when the exact sum does not fit.</summary>
    public static bool TryAdd(decimal left, decimal right, out decimal sum)
    {
        try
        {
            sum = left + right;
            // decimal addition keeps the greater scale unless it has to drop digits to make room; zeros at the end may go.
            return sum.Scale >= Math.Max(left.Scale, right.Scale) || sum.Scale >= Math.Max(Decimals(left), Decimals(right));
        }
        catch (OverflowException)
        {
            sum = 0;
            return false;
        }
    }

    /// <summary>Adds.</summary>
    /// <exception cref="OverflowException">The exact sum does not fit.</exception>
    public static decimal Add(decimal left, decimal right) => TryAdd(left, right, out var sum)
        ? sum
        : throw new OverflowException($"{Text(left)} + {Text(right)} does not fit in a decimal.");

    /// <summary>Reads digits with an optional sign and decimal point; no exponent, no thousands separator.</summary>
    /// <param name="text">The text, without outer spaces.</param>
    /// <param name="value">The value, exactly as written, trailing zeros included.</param>
    /// <param name="problem">What is wrong with the text, when false is returned.</param>
    public static bool TryParse(string text, out decimal value, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out value))
            problem = LooksLikeNumber(text) ? $"'{text}' is too large for an exact decimal"
                : HasExponent(text) ? $"'{text}' has an exponent; write out its digits"
                : $"'{text}' is not a number";
        else if (FractionDigits(text) != value.Scale)
            problem = $"'{text}' has more digits than an exact decimal holds";
        return problem is null;
    }

    /// <summary>How many decimals a value has, zeros at its end left out.</summary>
    public static int Decimals(decimal value)
    {
        var text = Text(value);
        return FractionDigits(text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0') : text);
    }

    /// <summary>The exact text, with a decimal point.</summary>
    public static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static int FractionDigits(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point < 0 ? 0 : text.Length - point - 1;
    }

    private static bool HasExponent(string text) =>
        text.IndexOfAny(['e', 'E']) is > 0 and var at && LooksLikeNumber(text[..at]) && LooksLikeNumber(text[(at + 1)..]);

    private static bool LooksLikeNumber(string text) =>
        text.Any(char.IsAsciiDigit) && text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.')
        && text.LastIndexOfAny(['+', '-']) <= 0 && text.Count(c => c == '.') <= 1;
}
