namespace Bank.Import;

/// <summary>A file that cannot be imported; nothing was imported. The message names file, row and field.</summary>
public sealed class JournalFormatException : Exception
{
    /// <summary>Reports what is wrong.</summary>
    /// <param name="place">Where: file and row.</param>
    /// <param name="field">The column; null when the row as a whole is at fault.</param>
    /// <param name="problem">What is wrong there.</param>
    public JournalFormatException(CsvPlace place, string? field, string problem)
        : base(field is null ? $"{place}: {problem}." : $"{place}, field '{field}': {problem}.") => (Place, Field) = (place, field);

    /// <summary>File and row.</summary>
    public CsvPlace Place { get; }

    /// <summary>The column; null when the row as a whole is at fault.</summary>
    public string? Field { get; }
}
