using System.Globalization;
using System.Text.RegularExpressions;

namespace Bank.Import;

/// <summary>Numbers as Python's <c>str()</c> and <c>repr()</c> write them: <c>Decimal('9.768')</c>, <c>Decimal('1E+3')</c>.</summary>
internal static partial class PythonDecimal
{
    private const int MaxExponent = 40;

    /// <summary>The number inside, without an exponent; null when the text is not wrapped.</summary>
    public static string? Unwrap(string text) => text.StartsWith("Decimal('", StringComparison.Ordinal) && text.EndsWith("')", StringComparison.Ordinal)
        ? WithoutExponent(text[9..^2])
        : null;

    private static string WithoutExponent(string number)
    {
        var match = Scientific().Match(number);
        if (!match.Success || !int.TryParse(match.Groups["exponent"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
            || Math.Abs(exponent) > MaxExponent)
            return number;
        var (whole, fraction) = (match.Groups["whole"].Value, match.Groups["fraction"].Value);
        var digits = (whole + fraction).PadRight(whole.Length + Math.Max(0, exponent), '0');
        var point = whole.Length + exponent;
        if (point <= 0)
            (digits, point) = (new string('0', 1 - point) + digits, 1);
        return match.Groups["sign"].Value + digits[..point] + (point == digits.Length ? "" : "." + digits[point..]);
    }

    [GeneratedRegex(@"^(?<sign>-?)(?<whole>\d+)(\.(?<fraction>\d+))?E(?<exponent>[+-]\d{1,4})$", RegexOptions.CultureInvariant)]
    private static partial Regex Scientific();
}
