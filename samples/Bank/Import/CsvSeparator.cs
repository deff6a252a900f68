namespace Bank.Import;

/// <summary>What separates the cells of a file.</summary>
internal static class CsvSeparator
{
    private const string Hint = "sep=";
    private static readonly char[] Known = [',', ';', '\t'];

    /// <summary>The separator that is most frequent in the first line, outside of quotes; a comma when there is none.</summary>
    /// <param name="start">The start of the file, its first line at least.</param>
    public static char Of(ReadOnlySpan<char> start)
    {
        Span<int> counts = stackalloc int[Known.Length];
        var (isQuoted, isEmpty) = (false, true);
        foreach (var c in start)
        {
            if (c is '\r' or '\n' && !isQuoted && !isEmpty)
                break;
            isQuoted ^= c == '"';
            isEmpty &= c is '\r' or '\n';
            if (!isQuoted && Array.IndexOf(Known, c) is >= 0 and var known)
                counts[known]++;
        }
        var best = 0;
        for (var i = 1; i < counts.Length; i++)
            best = counts[i] > counts[best] ? i : best;
        return Known[best];
    }

    /// <summary>Whether a record is the line that spreadsheets write before the header, such as <c>sep=;</c>.</summary>
    public static bool IsHint(CsvRecord record) => record.Place.Row == 1 && record.Cells is [Hint, ""];
}
