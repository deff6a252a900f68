namespace Bank.Import;

/// <summary>A row of a file.</summary>
/// <param name="File">The path as it was given.</param>
/// <param name="Row">The number of the line it begins on, from 1; the header is usually row 1.</param>
public readonly record struct CsvPlace(string File, int Row)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}, row {Row}";
}

/// <summary>One record of a CSV file.</summary>
/// <param name="Place">Where it begins.</param>
/// <param name="Separator">The separator of its cells.</param>
/// <param name="Cells">Its cells, without quotes and without the spaces around them.</param>
public sealed record CsvRecord(CsvPlace Place, char Separator, IReadOnlyList<string> Cells);
