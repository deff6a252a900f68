namespace Bank.Import;

/// <summary>
/// Reads the numbers of files that went through a spreadsheet, whose language may have turned the decimal point into a comma. A mark before exactly
/// three digits could group them instead: such a number is taken only when others of the file show which mark is the decimal one.
/// </summary>
internal sealed class DecimalMarks
{
    private readonly Dictionary<string, char> _shown = new(StringComparer.Ordinal);
    private readonly List<(CsvRow Row, string Field, string Currency, char Mark)> _open = [];

    /// <summary>A number with its decimal mark, if any, as a point.</summary>
    /// <exception cref="JournalFormatException">It has more than one mark, or another one than the numbers of its currency before it.</exception>
    public string WithPoint(CsvRow row, string field, string currency)
    {
        var text = SingleMark(row, field);
        var at = text.AsSpan().IndexOfAny(',', '.');
        if (at < 0)
            return text;
        if (MayGroup(text.AsSpan().TrimStart("+-"), text.Length - at - 1))
            _open.Add((row, field, currency, text[at]));
        else if (!_shown.TryAdd(currency, text[at]) && _shown[currency] != text[at])
            throw row.Problem(field, $"'{text}' has another decimal mark than the amounts of {currency} before it");
        return text.Replace(',', '.');
    }

    /// <summary>The file ends here.</summary>
    /// <exception cref="JournalFormatException">A number can be read in two ways, and no other one shows in which.</exception>
    public void Check()
    {
        foreach (var (row, field, currency, mark) in _open)
        {
            if (Shown(currency) != mark)
                throw row.Problem(field, $"'{row[field]}' has either three decimals or a thousands separator, and no other amount of {currency} shows "
                    + "which; export with a comma between the cells, or write the number with two or four decimals");
        }
    }

    /// <summary>A cell that has one decimal mark at most.</summary>
    /// <exception cref="JournalFormatException">It has more.</exception>
    public static string SingleMark(CsvRow row, string field) => row[field].Count(c => c is ',' or '.') <= 1
        ? row[field]
        : throw row.Problem(field, $"'{row[field]}' has more than one decimal mark; write it without digit groups");

    private static bool MayGroup(ReadOnlySpan<char> digits, int decimals) =>
        decimals == 3 && digits.Length is > 4 and <= 7 && digits[0] != '0';

    private char? Shown(string currency) => _shown.TryGetValue(currency, out var mark) ? mark
        : _shown.Values.Distinct().ToArray() is [var only] ? only
        : null;
}
